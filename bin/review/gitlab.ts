import type { StackReview } from "./review";

/** GitLab's report of a plan. https://docs.gitlab.com/ee/ci/yaml/artifacts_reports.html#artifactsreportsterraform */
export interface GitlabReport {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** Counts a replacement as a create and a delete, as GitLab's own template does. */
export function gitlabReport(reviews: readonly StackReview[]): GitlabReport {
  const sum = (of: (counts: StackReview["counts"]) => number): number =>
    reviews.reduce((total, { counts }) => total + of(counts), 0);
  return {
    create: sum(({ add, replace }) => add + replace),
    update: sum(({ change }) => change),
    delete: sum(({ destroy, replace }) => destroy + replace),
  };
}
