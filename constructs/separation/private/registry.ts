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

/** Names the file that an app writes its model to during synthesis. The command line sets it. */
const fileVariable = "KVM_FLEET_SEPARATION_FILE";

/** The zones, policies and gateways of a construct tree, and their analysis. */
export class Separation {
  public static of(scope: IConstruct): Separation {
    return trees.of(scope.node.root);
  }

  public readonly zones: INetworkZone[] = [];
  public readonly policies: ISeparationPolicy[] = [];
  public readonly gateways: IGateway[] = [];
  private readonly stacks = new Set<TerraformStack>();
  private hasCheck = false;
  private changes = 0;
  private isEnforced = false;
  private cached?: { readonly key: string; readonly model: Model; readonly analysis: Analysis };

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

  /** Invalidates the analysis after a change that adds no construct. */
  public touch(): void {
    this.changes++;
  }

  /** Checks the policy and adds its filters when the construct's stack is synthesized. */
  public watch(at: IConstruct): void {
    this.touch();
    if (!this.hasCheck) {
      this.hasCheck = true;
      addCheck(at, () => this.analyze().analysis.violations.map(({ at: path, message }) => `${message} (at ${path})`));
    }
    const stack = TerraformStack.of(at);
    if (!this.stacks.has(stack)) {
      this.stacks.add(stack);
      // Filters may be needed in any stack, so they are added before the first stack is written, whichever that is.
      Aspects.of(stack).add({
        visit: (node) => {
          if (node === stack) this.enforce();
        },
      });
    }
  }

  /** The model of the tree and its analysis, cached until the tree changes. */
  public analyze(): { readonly model: Model; readonly analysis: Analysis } {
    const nodes = this.root.node.findAll();
    const key = `${nodes.length}/${this.changes}`;
    if (this.cached?.key !== key) {
      const model = readModel(nodes, this);
      this.cached = { key, model, analysis: analyze(model) };
    }
    return this.cached;
  }

  private enforce(): void {
    if (this.isEnforced) {
      return;
    }
    this.isEnforced = true;
    const { model, analysis } = this.analyze();
    const file = process.env[fileVariable];
    if (file !== undefined) {
      writeFileSync(file, JSON.stringify(model));
    }
    if (analysis.violations.length === 0 && this.policies.length === 1) {
      enforce(this.root, model);
    }
    // The new filters are not part of the model, so the analysis stays valid.
    this.cached = { key: `${this.root.node.findAll().length}/${this.changes}`, model, analysis };
  }
}

const trees = new ConstructState((root) => new Separation(root));
