import type { IConstruct } from "constructs";
import type { Model } from "../../separation";
import { Separation } from "./private/registry";

/** The networks, machines, zones and rules of an app, as its policy is checked against them. */
export function modelOf(scope: IConstruct): Model {
  return Separation.of(scope).look().model;
}
