/** The page’s script, first part: elements, words, addresses. All text goes in as text, whatever it holds. */
export const words = String.raw`
const data = JSON.parse(document.getElementById('evidence').textContent)
const svgSpace = 'http://www.w3.org/2000/svg'

// Attributes are our own words. What comes from a run is only ever a child, and a child is text or an element.
function make(space, name, given, children) {
  const node = space === null ? document.createElement(name) : document.createElementNS(space, name)
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') node.addEventListener(key, value)
    else node.setAttribute(key, value === true ? '' : String(value))
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false))
  return node
}
const el = (name, given, ...children) => make(null, name, given, children)
const svg = (name, given, ...children) => make(svgSpace, name, given, children)
const place = (node, sizes) => {
  for (const [key, value] of Object.entries(sizes)) node.style.setProperty(key, typeof value === 'number' ? value + 'px' : value)
  return node
}

const amount = (n) => n.toLocaleString('en-US')
const count = (n, one, many) => amount(n) + ' ' + (n === 1 ? one : many ?? one + 's')
const listed = (all) => all.length < 2 ? all.join('') : all.slice(0, -1).join(', ') + ' and ' + all[all.length - 1]
// A name breaks between its words, where it has to break at all; and the name of a guarantee nowhere.
const inWords = (name) => name.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[.\/#])(?=\S)/).flatMap((part, i) => i === 0 ? [part] : [el('wbr'), part])
const unbroken = (text) => text.split(/(\b(?:at-least|at-most|exactly)-once\b)/)
  .map((part, i) => i % 2 === 0 ? part : el('span', { class: 'unbroken' }, part))
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1)
const clock = (time) => time < 10000 ? amount(time) + ' ms'
  : time < 6000000 ? amount(Math.round(time / 1000)) + ' s' : amount(Math.round(time / 3600000)) + ' h'
const duration = (time) => time < 999.5 ? Math.round(time) + ' ms' : (time / 1000).toFixed(1) + ' s'

// Addresses: the name of a run and, after a slash, the step. What passes a link on may have decoded it.
const address = (id, step) => '#' + id.split('/').map(encodeURIComponent).join('%2F') + (step === undefined ? '' : '/' + step)
function addressed() {
  const [, id, step] = /^#?(.*?)(?:\/(\d{1,9}))?$/s.exec(location.hash)
  const read = (text) => { try { return decodeURIComponent(text) } catch { return text } }
  return { id: read(id), step: step === undefined ? null : Number(step) }
}
const pageOf = (id) => data.pages.find((page) => page.id === id)
const pageFor = (name, law) => data.pages.find((page) => page.name === name && page.law.name === law)
`
