import { readFileSync } from "node:fs";
import { join } from "node:path";
import { driftOf } from "../../../bin/drift/findings";
import { type DriftReport, parseDriftReport } from "../../../bin/pipeline/drift";
import type { Stack } from "../../../bin/pipeline/stacks";

const file = join(__dirname, "../../../provider/internal/drift/testdata/report.json");

/** The report that the provider's tests read too. */
export const sampleReport: DriftReport = parseDriftReport(JSON.parse(readFileSync(file, "utf8")));

const configuration = {
  resource: {
    libvirt_domain: { "web-1": { host: "alpha", "//": { metadata: { path: "shop/front/web-1/Default" } } } },
    libvirt_volume: { data: { "//": { metadata: { path: "shop/front/data/Default" } } } },
  },
};

/** The stack of the sample, as cdktf describes it. No construct declares the domain 'odd' any more. */
export const sampleStack: Stack = { name: "shop", folder: "/nowhere", dependencies: [], configuration };

export const sample = driftOf([sampleStack], sampleReport);

/** A report of hosts that are as the state says. */
export const nothing = driftOf([sampleStack], {
  ...sampleReport,
  inactive: 0,
  hosts: sampleReport.hosts.slice(0, 1),
  changed: [],
  gone: [],
  unread: [],
  undeclared: [],
});
