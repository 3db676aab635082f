import { provideSoftwareVulkan } from './runtime/software-vulkan.ts'

// Dawn looks for drivers once a process, and test files share processes.
provideSoftwareVulkan()

// What tests start writes text without colours, also where a machine asks for them.
delete process.env['FORCE_COLOR']
process.env['NO_COLOR'] = '1'
