import { provideSoftwareVulkan } from './runtime/software-vulkan.ts'

// Dawn looks for drivers once a process, and test files share processes.
provideSoftwareVulkan()
