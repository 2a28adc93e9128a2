/** The page’s script, third part: how rows are numbered, and how wide their texts are. */
export const letters = `
// Steps that are folded are numbered from the first of them.
const numberOf = ({ period, times }, step) =>
  times === 1 ? amount(step) : period === 1 ? amount(step) + '–' + amount(step + times - 1) : amount(step) + ' …'
const longest = (texts) => texts.reduce((most, text) => Math.max(most, text.length), 0)
const sum = (all) => all.reduce((so, one) => so + one, 0)

const pen = document.createElement('canvas').getContext('2d')
// How wide the widest of some texts is, in the font of the page. No text gets more room than 200 letters.
function widest(node, texts, isBold) {
  const { fontFamily, fontSize, fontWeight } = getComputedStyle(node)
  pen.font = (isBold ? 600 : fontWeight) + ' ' + parseFloat(fontSize) * .95 + 'px ' + fontFamily
  return [...texts].reduce((most, text) => Math.max(most, pen.measureText(text.slice(0, 200)).width), 0)
}
`
