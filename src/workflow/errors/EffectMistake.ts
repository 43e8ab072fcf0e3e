/**
 * `textOf` tells in a script's words a slip that Effect tells in its own, some of them with the value at hand. The types
 * tell it too; a script in JavaScript has none.
 */
export const textOf = ({ message, name }: Error): string | undefined => {
  if (name === "TypeError" && /^(?!undefined|null|number|object null).*\bnot iterable\b/.test(message)) {
    return `TypeError: ${message}. Where that is a stream, it is read by Stream.runForEach, or all of it by Stream.runCollect.`
  }
  const [, service] = /^Service not found: (\S+)/.exec(message) ?? []
  if (service === "effect/Scope") {
    return "The script opens something, and nothing says when that is closed; wrap it, as in Main.run(Effect.scoped(script))."
  }
  if (service !== undefined) {
    return `The script needs ${service}, which nothing provides; provide it, as in Effect.provide(script, Fmc.layer("FMC")).`
  }
  if (message.startsWith("Not a valid effect")) {
    return "The script gives something else where an Effect has to be; a function that awaits needs no Main.run, as in await Fmc.use(…)."
  }
  return message.startsWith("BUG: yieldWrapGet")
    ? "The script takes a step by yield; take it by yield*, with the star."
    : undefined
}
