import type { IConstruct } from "constructs";
import type { Model } from "../../separation";
import { Separation } from "./private/registry";

/** Returns the model of an app: the networks, machines, zones and rules that its policy is checked against. */
export function modelOf(scope: IConstruct): Model {
  return Separation.of(scope).analyze().model;
}
