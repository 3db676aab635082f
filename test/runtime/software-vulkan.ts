import { existsSync } from 'node:fs'
import { constants } from 'node:os'

/** Where Debian's package `chromium` puts a loader of Vulkan and SwiftShader, a driver that runs on the processor. */
const FOLDER = '/usr/lib/chromium'
const LOADER = `${FOLDER}/libvulkan.so.1`
const DRIVER = `${FOLDER}/vk_swiftshader_icd.json`

/** Keeps a library that Node closes again, since it is none of its own: glibc's RTLD_NODELETE. */
const KEPT = 0x1000

/**
 * Lets Dawn find SwiftShader on Linux, where it is installed and no driver is chosen. Dawn asks for `libvulkan.so.1` by name,
 * which is found among the libraries that are loaded, so that no search path has to be set before the process starts.
 */
export function provideSoftwareVulkan(): void {
  if (process.platform !== 'linux' || process.env['VK_ICD_FILENAMES'] !== undefined) return
  if (!existsSync(LOADER) || !existsSync(DRIVER)) return
  process.env['VK_ICD_FILENAMES'] = DRIVER
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen
  try {
    process.dlopen({ exports: {} }, LOADER, RTLD_NOW | RTLD_GLOBAL | KEPT)
  } catch {
    // It is no module of Node's: Dawn finds it loaded all the same.
  }
}
