// Which tests run on which runtime. Names of files, and of folders with a slash behind; whatever stands in no list is
// reasoning: `npm test` runs it on Node, `npm run test:all` on Node, Bun and Deno. test/runtimes.test.ts holds the rule.

/**
 * `everywhere` is what runtimes do each in their own way, which `npm test` runs on all three: connections and TLS, the
 * start and the end of processes, signals, files and their locks, promises and the lines of stacks, what is printed;
 * and one pass through a backend, by its contract.
 */
export const everywhere: ReadonlyArray<string> = [
  "test/auth/Credentials.test.ts",
  "test/auth/background.test.ts",
  "test/auth/commandPassword.test.ts",
  "test/auth/exits.test.ts",
  "test/auth/sending.test.ts",
  "test/auth/several.test.ts",
  "test/auth/signals.test.ts",
  "test/auth/store/",
  "test/auth/workers.test.ts",
  "test/canaries/objects.test.ts",
  "test/canaries/processes.test.ts",
  "test/commandline/process.test.ts",
  "test/commandline/terminal.test.ts",
  "test/fuzz/bounds.test.ts",
  "test/fuzz/reader.test.ts",
  "test/fuzz/wire.test.ts",
  "test/permissions.test.ts",
  "test/plugins/fdm/transfers.test.ts",
  "test/plugins/fmc/Contract.test.ts",
  "test/plugins/sandbox/Command.test.ts",
  "test/plugins/sandbox/Server.test.ts",
  "test/process/",
  "test/promises/PromiseClient.test.ts",
  "test/promises/Promises.test.ts",
  "test/promises/fleets.types.test.ts",
  "test/runtimes.test.ts",
  "test/transport/Proxy.test.ts",
  "test/transport/Target.test.ts",
  "test/transport/http/",
  "test/transport/tls/",
  "test/workflow/askOnTerminal.test.ts",
  "test/workflow/deviceHold.test.ts",
  "test/workflow/journal/",
  "test/workflow/promise.test.ts",
  "test/workflow/run/promise.custom.test.ts",
  "test/workflow/run/promise.test.ts",
  "test/workflow/run/signals.test.ts"
]

/** `shortened` are those of them that `npm test` runs on Bun and Deno for the first of several cases alone (`fewer`). */
export const shortened: ReadonlyArray<string> = [
  "test/auth/background.test.ts",
  "test/auth/exits.test.ts",
  "test/auth/several.test.ts",
  "test/auth/signals.test.ts",
  "test/auth/store/DiskStore.test.ts",
  "test/auth/store/processes.test.ts",
  "test/canaries/processes.test.ts",
  "test/process/Main.test.ts",
  "test/process/lostOutput.test.ts",
  "test/promises/Promises.test.ts",
  "test/workflow/askOnTerminal.test.ts",
  "test/workflow/run/signals.test.ts"
]

/** `onNodeOnly` is of no runtime's making, for the reason that stands above each. */
export const onNodeOnly: ReadonlyArray<string> = [
  // The text of this project.
  "test/architecture.test.ts",
  "test/declarations.test.ts",
  "test/links.test.ts",
  "test/lock.test.ts",
  "test/traps.test.ts",
  // It starts all three runtimes itself, or counts what Node alone tells.
  "test/counts.test.ts",
  "test/package.test.ts",
  // Sessions and quotas by what they ask for and when; what they do with connections is in `everywhere`, and so is one
  // provider's contract.
  "test/auth/busyLogin.test.ts",
  "test/auth/contested.test.ts",
  "test/auth/day.test.ts",
  "test/auth/refused.test.ts",
  "test/auth/session.model.test.ts",
  "test/auth/sharing.model.test.ts",
  "test/auth/traffic.test.ts",
  "test/transport/limits/RateLimiter.test.ts",
  // Values that are compared, parsed, masked or made a text or a page, and verdicts on providers.
  "test/canaries/echoes.test.ts",
  "test/client/Difference.test.ts",
  "test/client/FieldEquality.test.ts",
  "test/effect-schema.test.ts",
  "test/fuzz/documents.test.ts",
  "test/fuzz/tokens.test.ts",
  "test/html/browser.test.ts",
  "test/html/pages.test.ts",
  "test/misspeltOptions.test.ts",
  "test/testing/Contract.test.ts",
  "test/workflow/runReport.test.ts",
  // The states of jobs, and what is read in them.
  "test/plugins/fdm/Deploy.test.ts",
  "test/plugins/fmc/Deploy.test.ts",
  "test/plugins/fmc/DeployLost.test.ts",
  "test/plugins/fmc/DeployOdd.test.ts",
  "test/plugins/fmc/DeployUnits.test.ts",
  // Fleets and command lines within one process; those on a terminal, or in a process of their own, are in `everywhere`
  // and among the examples.
  "test/commandline/commands.test.ts",
  "test/commandline/fleet.test.ts",
  "test/fleet/Dispatch.test.ts",
  "test/fleet/Waves.test.ts",
  "test/fleet/afterwards.test.ts",
  "test/fleet/fleetText.test.ts",
  "test/fleet/plan.test.ts",
  "test/fleet/run.test.ts",
  // Plans, runs and undos by what a device is asked and a journal holds; journals as files that
  // processes are killed at, promises and signals are in `everywhere`.
  "test/workflow/guards.test.ts",
  "test/workflow/lies.test.ts",
  "test/workflow/plan.model.test.ts",
  "test/workflow/plan.test.ts",
  "test/workflow/run/afterwards.test.ts",
  "test/workflow/run/cost.test.ts",
  "test/workflow/run/crash.test.ts",
  "test/workflow/run/custom.test.ts",
  "test/workflow/run/deployments.test.ts",
  "test/workflow/run/leftOut.test.ts",
  "test/workflow/run/observer.test.ts",
  "test/workflow/run/planned.test.ts",
  "test/workflow/run/resume.test.ts",
  "test/workflow/run/run.model.test.ts",
  "test/workflow/run/run.test.ts",
  "test/workflow/run/secrets.test.ts",
  "test/workflow/run/unplanned.test.ts",
  "test/workflow/undo/Look.test.ts",
  "test/workflow/undo/faults.test.ts",
  "test/workflow/undo/guards.test.ts",
  "test/workflow/undo/kinds.test.ts",
  "test/workflow/undo/particulars.test.ts",
  "test/workflow/undo/policies.test.ts",
  "test/workflow/undo/secrets.test.ts",
  "test/workflow/undo/together.test.ts",
  "test/workflow/verbs.test.ts",
  "test/workflow/window.test.ts"
]

/** `random` tries random cases: some of them in `npm test`, all of them in `npm run test:rest`, on Node. */
export const random: ReadonlyArray<string> = [
  "test/auth/session.model.test.ts",
  "test/auth/sharing.model.test.ts",
  "test/commandline/progress.test.ts",
  "test/fuzz/bounds.test.ts",
  "test/fuzz/documents.test.ts",
  "test/fuzz/tokens.test.ts",
  "test/fuzz/wire.test.ts",
  "test/workflow/run/run.model.test.ts"
]

/**
 * `long` has cases that take long on each runtime: `npm test` tries the first of several (`fewest`) or leaves them out
 * (`itInRest`), and `npm run test:rest` tries the others.
 */
export const long: ReadonlyArray<string> = [
  "test/auth/busyLogin.test.ts",
  "test/auth/contenders.test.ts",
  "test/auth/contention.test.ts",
  "test/auth/contested.test.ts",
  "test/auth/crowd.test.ts",
  "test/auth/day.test.ts",
  "test/auth/givenUp.test.ts",
  "test/auth/leaving.test.ts",
  "test/auth/refused.test.ts",
  "test/auth/renewal.test.ts",
  "test/auth/replays.test.ts",
  "test/auth/requests.test.ts",
  "test/auth/signals.test.ts",
  "test/auth/stability.test.ts",
  "test/auth/store/DiskStore.test.ts",
  "test/auth/store/processes.test.ts",
  "test/canaries/failures.test.ts",
  "test/cluster/runners.test.ts",
  "test/declarations.test.ts",
  "test/examples/block-list.test.ts",
  "test/misspeltOptions.test.ts",
  "test/package.test.ts",
  "test/plugins/fmc/Objects.test.ts",
  "test/process/lostOutput.test.ts",
  "test/workflow/run/cost.test.ts",
  "test/workflow/run/killed.test.ts",
  "test/wrongArguments.test.ts"
]

/** `longest` take longest, and are begun first: of one that is begun last all other processes would wait for the end. */
export const longest: ReadonlyArray<string> = [
  "test/canaries/failures.test.ts",
  "test/auth/store/processes.test.ts",
  "test/package.test.ts",
  "test/promises/Promises.test.ts",
  "test/auth/store/DiskStore.test.ts",
  "test/workflow/run/crash.test.ts",
  "test/workflow/run/killed.test.ts",
  "test/process/Main.test.ts",
  "test/auth/signals.test.ts",
  "test/examples/deploy.test.ts",
  "test/commandline/commands.test.ts",
  "test/canaries/echoes.test.ts",
  "test/auth/exits.test.ts",
  "test/workflow/run/cost.test.ts",
  "test/counts.test.ts",
  "test/canaries/processes.test.ts",
  "test/workflow/askOnTerminal.test.ts",
  "test/plugins/fmc/Objects.test.ts",
  "test/auth/contested.test.ts",
  "test/workflow/run/run.model.test.ts"
]

/** `globs` is what Vitest takes for them. */
export const globs = (names: ReadonlyArray<string>): Array<string> =>
  names.map((name) => (name.endsWith("/") ? `${name}**/*.test.ts` : name))
