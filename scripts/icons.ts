// Draws the icons of the packages from one SVG, with the Chromium of the end-to-end tests: `npm run icons`. What it writes is
// committed, so that packing needs neither a browser nor a converter.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chromium as playwright } from '@playwright/test'
import { chromium } from './chromium.ts'
import { endWithStarter, inProject } from './project.ts'

const home = 'packaging/icons'
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS = [16, 24, 32, 48, 64, 128, 256]
/** Kinds that hold a PNG, and its width in pixels; macOS draws the two smallest sizes from them. */
const MAC = { ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }

type Drawn = ReadonlyMap<number, Buffer>

async function draw(program: string): Promise<Drawn> {
  const svg = readFileSync(inProject(home, 'icon.svg'), 'utf8')
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await playwright.launch({ executablePath: program, args })
  try {
    const drawn = new Map<number, Buffer>()
    for (const size of SIZES) {
      const page = await browser.newPage({ viewport: { width: size, height: size } })
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
      drawn.set(size, await page.screenshot({ omitBackground: true }))
      await page.close()
    }
    return drawn
  } finally {
    await browser.close()
  }
}

function of(drawn: Drawn, size: number): Buffer {
  const png = drawn.get(size)
  if (!png) throw new Error(`No icon of ${size} pixels was drawn.`)
  return png
}

/** A directory of 16 bytes an icon, then the PNGs; a width of 256 is written as 0. */
function ico(drawn: Drawn): Buffer {
  const header = Buffer.alloc(6 + 16 * WINDOWS.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(WINDOWS.length, 4)
  let offset = header.length
  WINDOWS.forEach((size, index) => {
    const at = 6 + 16 * index
    const { length } = of(drawn, size)
    header.writeUInt8(size % 256, at)
    header.writeUInt8(size % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += length
  })
  return Buffer.concat([header, ...WINDOWS.map((size) => of(drawn, size))])
}

/** Blocks of a four-letter kind, the length with its own eight bytes, and the PNG. */
function icns(drawn: Drawn): Buffer {
  const block = (kind: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(kind, 'latin1')
    head.writeUInt32BE(content.length + 8, 4)
    return Buffer.concat([head, content])
  }
  return block('icns', Buffer.concat(Object.entries(MAC).map(([kind, size]) => block(kind, of(drawn, size)))))
}

endWithStarter()
const browser = await chromium()
if ('missing' in browser) {
  console.error(browser.missing)
  process.exit(1)
}
const drawn = await draw(browser.program)
rmSync(inProject(home, 'linux'), { recursive: true, force: true })
mkdirSync(inProject(home, 'linux'))
for (const size of LINUX) writeFileSync(inProject(home, 'linux', `${size}x${size}.png`), of(drawn, size))
writeFileSync(inProject(home, 'icon.ico'), ico(drawn))
writeFileSync(inProject(home, 'icon.icns'), icns(drawn))
// The page shows the same mark.
copyFileSync(inProject(home, 'icon.svg'), inProject('src/renderer/icon.svg'))
console.log(`Icons of ${SIZES.join(', ')} pixels are drawn in ${home}.`)
