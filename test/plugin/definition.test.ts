// What an author in JavaScript gives `Backend.make`, who has no types to say what a plugin is made of.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Backend } from "sallyport/plugin"
import { describe, expect, it } from "vitest"

const good = {
  id: "box",
  version: "0.1.0",
  pluginInterface: 1,
  capabilities: ["objects"],
  config: Schema.Struct({}),
  tag: Context.GenericTag<unknown>("my-plugin/Box"),
  subClients: {},
  backend: () => Effect.never
}

describe("a plugin that cannot be", () => {
  it.each<readonly [given: unknown, field: string, words: string]>([
    [undefined, "plugin", ""],
    [{ ...good, id: undefined }, "plugin.id", "it is missing"],
    [{ ...good, pluginInterface: "1" }, "plugin.pluginInterface", "give the number"],
    [{ ...good, capabilities: "objects" }, "plugin.capabilities", "give a list"],
    [{ ...good, config: {} }, "plugin.config", "give a Schema"],
    [{ ...good, tag: undefined }, "plugin.tag", "give a tag such as"],
    [{ ...good, subClients: undefined }, "plugin.subClients", "as in { session: {}, rest: {} }"],
    [{ ...good, backend: undefined }, "plugin.backend", "a function that gives an Effect"],
    [{ ...good, subClient: {} }, "plugin.subClient", "did you mean subClients?"]
  ])("is refused where it is made, and says what to give: %#", (given, field, words) => {
    const made = () => Backend.make(given as never) // what the types forbid
    expect(made).toThrow(
      expect.objectContaining({ _tag: "InvalidInput", field, message: expect.stringContaining(words) })
    )
    try {
      made()
    } catch (error) {
      expect(String((error as Error).stack).split("\n    at ")[1]).toContain("definition.test.ts")
    }
  })

  it("is none of those that can", () => {
    expect(Object.keys(Backend.make(good as never))).toContain("plugin")
  })
})
