/** `npm run --silent stp-times`: how long what takes, by protocol. */
import { PROTOCOLS, type StandardProtocol } from "./Protocols.ts"
import { table } from "./Times.ts"

const protocols = (Object.keys(PROTOCOLS) as ReadonlyArray<StandardProtocol>).filter((name) => name !== "mstp-alone")
for (const timers of [
  { helloTime: 2, maxAge: 20, forwardDelay: 15 },
  { helloTime: 1, maxAge: 10, forwardDelay: 6 },
]) {
  process.stdout.write(`${table(timers, protocols).join("\n")}\n\n`)
}
