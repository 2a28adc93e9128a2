/** A changelog as Keep a Changelog has it: what was not released yet becomes a version. */

const heading = '## [Unreleased]'

/** The changelog once a version is out on a day. Throws a sentence where there is nothing to release, or the version is there already. */
export function withVersion(changelog: string, version: string, day: string): string {
  if (changelog.includes(`\n## [${version}]`)) throw new Error(`CHANGELOG.md has ${version} already.`)
  const from = changelog.indexOf(`\n${heading}\n`) + 1
  if (from === 0) throw new Error(`CHANGELOG.md has no ‘${heading}’.`)
  const next = changelog.indexOf('\n## [', from)
  const to = next < 0 ? changelog.length : next
  const changes = changelog.slice(from + heading.length, to).replace(/^Nothing has been released yet\.\n/m, '').trim()
  if (changes === '') throw new Error('CHANGELOG.md has nothing that was not released yet.')
  return `${changelog.slice(0, from)}${heading}\n\n## [${version}] - ${day}\n\n${changes}\n${changelog.slice(to)}`
}

/** What it says of a version, without the heading. */
export function notesOf(changelog: string, version: string): string {
  const from = changelog.indexOf(`\n## [${version}]`)
  if (from < 0) throw new Error(`CHANGELOG.md does not have ${version}.`)
  const [, ...lines] = changelog.slice(from + 1).split(/\n## \[/)[0]!.split('\n')
  return lines.join('\n').trim()
}
