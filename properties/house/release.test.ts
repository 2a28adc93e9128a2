import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { notesOf, withVersion } from '../../package/changelog.ts'
import { exportsIn, pageOf } from '../../package/reference-page.ts'

const before = `# Changelog

## [Unreleased]

Nothing has been released yet.

### Added

- A door.

## [0.1.0] - 2026-01-01

### Added

- A wall.
`

describe('A changelog', () => {
  it('has what was not released yet under the version that it is released in, and room for what comes', () => {
    const after = withVersion(before, '0.2.0', '2026-02-03')
    expect(after).toBe(before.replace('\nNothing has been released yet.\n', '\n## [0.2.0] - 2026-02-03\n'))
    expect(notesOf(after, '0.2.0')).toBe('### Added\n\n- A door.')
    expect(notesOf(after, '0.1.0')).toBe('### Added\n\n- A wall.')
  })

  it('is not touched where there is nothing to release, or the version is out', () => {
    const after = withVersion(before, '0.2.0', '2026-02-03')
    expect(() => withVersion(after, '0.3.0', '2026-02-04')).toThrow('nothing that was not released yet')
    expect(() => withVersion(before, '0.1.0', '2026-02-04')).toThrow('has 0.1.0 already')
    expect(() => withVersion('# Changelog\n', '0.1.0', '2026-02-04')).toThrow('has no ‘## [Unreleased]’')
    expect(() => notesOf(before, '0.2.0')).toThrow('does not have 0.2.0')
  })

  it('of this project can be released', () => {
    const ours = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
    expect(notesOf(withVersion(ours, '9.9.9', '2030-01-01'), '9.9.9')).toMatch(/^### Added\n/)
  })
})

describe('A page of reference', () => {
  it('has what an entry exports with its comments, overloads together, and then what that refers to', () => {
    const declarations = [
      '/** Opens it.\n * Twice. */\nexport declare function open(door: Door): void;', 'export declare function open(doors: readonly Door[]): void;',
      '/** Of wood. */\nexport declare interface Door {\n    /** In metres. */\n    readonly height: number;\n    readonly lock: Lock;\n}',
      'declare type Lock = string;', 'declare interface Event_2 {\n}\nexport { Event_2 as Event }', 'declare type Wall = Door;\n\nexport { }\n',
    ].join('\n\n')
    const code = (text: string) => `\`\`\`ts\n${text}\n\`\`\``
    expect(exportsIn(declarations)).toEqual(['open', 'open', 'Door', 'Event'])
    expect(pageOf('doors', declarations, ['Wall']).split('\n\n').slice(2)).toEqual([
      '## Functions and values', '### open', 'Opens it.\nTwice.', code('function open(door: Door): void;'),
      code('function open(doors: readonly Door[]): void;'), '## Types', '### Door', 'Of wood.',
      code('interface Door {\n    /** In metres. */\n    readonly height: number;\n    readonly lock: Lock;\n}'),
      '### Event', code('interface Event {\n}'), '## What those refer to', '### Lock', code('type Lock = string;'),
      'The rest is in [`unwedge`](unwedge.md): `Wall`.\n',
    ])
  })
})
