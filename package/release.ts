/**
 * `npm run release -- patch`, or minor, major or a version: sets it in the manifest and in the changelog, packs, and tries the tarball
 * as a user would. It commits and publishes nothing: it says what is left to do, and where the trial fails, all is as it was.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withVersion } from './changelog.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const changelog = `${root}CHANGELOG.md`
const changed = ['package.json', 'package-lock.json', 'CHANGELOG.md']

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${(stderr.trim() || stdout.trim()).split('\n')[0]}`)
  return stdout.trim()
}

function release(asked: string | undefined): void {
  if (asked === undefined) throw new Error('Say which version: npm run release -- patch, minor, major, or 1.2.3.')
  if (run('git', 'status', '--porcelain') !== '') throw new Error('There are changes that are not committed.')
  const version = run('npm', 'version', asked, '--no-git-tag-version', '--allow-same-version').split('\n').at(-1)!.replace(/^v/, '')
  try {
    writeFileSync(changelog, withVersion(readFileSync(changelog, 'utf8'), version, new Date().toISOString().slice(0, 10)))
    const { status } = spawnSync('npm', ['run', 'package:try'], { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error('The package is not as it is to be, so nothing is released.')
  } catch (error) {
    run('git', 'checkout', '--', ...changed)
    throw error
  }
  console.log(`
${version} is ready. Look at it, and then:
  git commit --all --message 'Release ${version}'
  git tag v${version}
  git push --atomic origin HEAD v${version}    # .github/workflows/release.yml publishes what is tagged`)
}

try {
  release(process.argv[2])
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
