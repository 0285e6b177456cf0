import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderLog } from "../../bin/pipeline/provider-log";

let folder: string;
let reported: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provider-log-"));
  reported = [];
});

afterEach(() => {
  delete process.env.TF_LOG;
  rmSync(folder, { recursive: true });
});

function follow(): ProviderLog {
  const stack = { name: "lab", folder, dependencies: [], configuration: {} };
  return ProviderLog.follow(stack, (line) => reported.push(line));
}

const own = "2026-01-02T03:04:05.006Z [INFO]  provider.terraform-provider-libvirt_v0.1.0: ";

describe("ProviderLog", () => {
  test("reports only the lines that the provider itself logs", () => {
    const log = follow();
    const { TF_LOG_PATH: path = "" } = log.environment;
    expect(log.environment).toMatchObject({ TF_LOG_PROVIDER: "INFO", TF_LOG_SDK: "OFF" });
    appendFileSync(path, "2026-01-02T03:04:05.006Z [INFO]  provider: configuring client automatic mTLS\n");
    appendFileSync(path, `${own}configuring server automatic mTLS: timestamp=2026-01-02T03:04:05.006Z\n`);
    appendFileSync(path, `${own}[INFO] wéb-1: 45% at beta, 120 MiB remain\n${own}[INFO] web-2: 5% at be`);
    log.end();

    expect(reported).toEqual(["wéb-1: 45% at beta, 120 MiB remain"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("reports while terraform runs", async () => {
    let log: ProviderLog | undefined;
    await new Promise<void>((resolve) => {
      const stack = { name: "lab", folder, dependencies: [], configuration: {} };
      log = ProviderLog.follow(stack, (line) => {
        reported.push(line);
        resolve();
      });
      appendFileSync(log.environment.TF_LOG_PATH ?? "", `${own}[INFO] web-1: 45% at beta\n`);
    });
    log?.end();

    expect(reported).toEqual(["web-1: 45% at beta"]);
  });

  test("leaves the log to a user who has set TF_LOG", () => {
    process.env.TF_LOG = "DEBUG";
    const log = follow();
    expect(log.environment).toEqual({});
    log.end();
    expect(existsSync(folder)).toBe(true);
  });
});
