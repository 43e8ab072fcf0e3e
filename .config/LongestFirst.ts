import { relative } from "node:path"
import { fileURLToPath } from "node:url"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { longest } from "./runtimes.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * `LongestFirst` begins with the test files that take longest. Vitest by itself goes by the times of earlier runs, of
 * which a fresh checkout has none, and then by the size of a file, which says little.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.indexOf(relative(root, moduleId).replaceAll("\\", "/"))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).sort((one, other) => place(one) - place(other))
  }
}
