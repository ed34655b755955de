#!/usr/bin/env node
/** The program `lab`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as HotPathService from "@l2lab/sim/HotPathService"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { main } from "./Cli.ts"
import { EXIT } from "./Failure.ts"
import { Output } from "./Output.ts"

HotPathService.prepare()

main(process.argv.slice(2)).pipe(
  Effect.provide(Layer.merge(NodeServices.layer, Output.process)),
  NodeRuntime.runMain({
    disableErrorReporting: true,
    teardown: (exit, onExit) => {
      if (Exit.isSuccess(exit)) onExit(Number(exit.value))
      else onExit(Cause.hasInterruptsOnly(exit.cause) ? EXIT.interrupted : EXIT.bug)
    },
  }),
)
