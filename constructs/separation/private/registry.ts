import { writeFileSync } from "node:fs";
import { Aspects, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { type Analysis, analyze, type Model } from "../../../separation";
import { ConstructState } from "../../core/construct-state";
import { addCheck } from "../../core/errors";
import type { INetworkZone } from "../../network/types";
import type { IGateway, ISeparationPolicy } from "../types";
import { enforce } from "./enforce";
import { readModel } from "./read-model";

/** Where the model of an app is written to as it is synthesized, for the command line. */
const fileVariable = "KVM_FLEET_SEPARATION_FILE";

/** The zones, the policy and the gateways of a construct tree, and what follows from them. */
export class Separation {
  public static of(scope: IConstruct): Separation {
    return trees.of(scope.node.root);
  }

  public readonly zones: INetworkZone[] = [];
  public readonly policies: ISeparationPolicy[] = [];
  public readonly gateways: IGateway[] = [];
  private readonly stacks = new Set<TerraformStack>();
  private checked = false;
  private changes = 0;
  private enforced = false;
  private known?: { readonly key: string; readonly model: Model; readonly analysis: Analysis };

  constructor(private readonly root: IConstruct) {}

  public addZone(zone: INetworkZone): void {
    this.zones.push(zone);
    this.watch(zone);
  }

  public addPolicy(policy: ISeparationPolicy): void {
    this.policies.push(policy);
    this.watch(policy);
  }

  public addGateway(gateway: IGateway): void {
    this.gateways.push(gateway);
    this.watch(gateway);
  }

  /** Says that something has changed that is no construct. */
  public touch(): void {
    this.changes++;
  }

  /** Has what is in the construct's stack checked, and enforced, when that is synthesized. */
  public watch(at: IConstruct): void {
    this.touch();
    if (!this.checked) {
      this.checked = true;
      addCheck(at, () => this.look().analysis.violations.map(({ at: path, message }) => `${message} (at ${path})`));
    }
    const stack = TerraformStack.of(at);
    if (!this.stacks.has(stack)) {
      this.stacks.add(stack);
      // Before the first stack is written, whichever that is: filters may be needed in any.
      Aspects.of(stack).add({
        visit: (node) => {
          if (node === stack) this.enforce();
        },
      });
    }
  }

  /** What the tree says, and what follows: found once for as long as nothing is added. */
  public look(): { readonly model: Model; readonly analysis: Analysis } {
    const nodes = this.root.node.findAll();
    const key = `${nodes.length}/${this.changes}`;
    if (this.known?.key !== key) {
      const model = readModel(nodes, this);
      this.known = { key, model, analysis: analyze(model) };
    }
    return this.known;
  }

  private enforce(): void {
    if (this.enforced) {
      return;
    }
    this.enforced = true;
    const { model, analysis } = this.look();
    const file = process.env[fileVariable];
    if (file !== undefined) {
      writeFileSync(file, JSON.stringify(model));
    }
    if (analysis.violations.length === 0 && this.policies.length === 1) {
      enforce(this.root, model);
    }
    // Filters are no part of the model, and need not be looked at.
    this.known = { key: `${this.root.node.findAll().length}/${this.changes}`, model, analysis };
  }
}

const trees = new ConstructState((root) => new Separation(root));
