import { Token } from "cdktf";
import { isHostname } from "../../core/hostname";
import type { CloudInitFile, CloudInitProps, CloudInitUser } from "../props";
import { partProblems } from "./multipart";
import { networkProblems } from "./network-rules";

/** The keys of user-data that have their own property. */
const typedKeys: Readonly<Record<string, keyof CloudInitProps>> = {
  hostname: "hostname",
  ssh_authorized_keys: "sshKeys",
  users: "users",
  packages: "packages",
  write_files: "files",
  runcmd: "runCommands",
};

const publicKey = /^([^\n]+ )?(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) [A-Za-z0-9+/=]+( [^\n]*)?$/;

/**
 * Returns the problems of first-boot data except those of the host name.
 *
 * Values that contain a token are not checked.
 */
export function cloudInitProblems(props: CloudInitProps): string[] {
  const users = props.users ?? [];
  const files = props.files ?? [];
  return [
    ...(props.sshKeys ?? []).flatMap((key) => keyProblems("sshKeys", key)),
    ...users.flatMap(userProblems),
    ...repetitions(users.map((user) => user.name)).map(
      (name) => `'cloudInit.users' must have unique names, '${name}' is listed twice; merge the two`,
    ),
    ...files.flatMap(fileProblems),
    ...repetitions(files.filter((file) => file.append !== true).map((file) => file.path)).map(
      (path) => `'cloudInit.files' must have unique paths, '${path}' is listed twice; merge the two, or set 'append'`,
    ),
    ...(props.packages ?? [])
      .filter((name) => known(name) && !/^[^\s-]\S*$/.test(name))
      .map((name) => `'cloudInit.packages' must be names of packages, got '${name}'; list each by itself`),
    ...Object.keys(props.extra ?? {}).flatMap((key) => {
      const property = typedKeys[key];
      return property === undefined
        ? []
        : [
            `'cloudInit.extra' must not contain '${key}'; use 'cloudInit.${property}' instead, ` +
              "or give the whole document as 'cloudInit.userData'",
          ];
    }),
    ...rawProblems(props),
    ...partProblems(props.parts ?? []),
    ...networkProblems(props.network ?? {}),
  ];
}

const typedUserData = ["sshKeys", "users", "packages", "files", "runCommands", "extra"] as const;

/** Checks that a document is given either as a whole or by its properties. */
function rawProblems(props: CloudInitProps): string[] {
  const both = props.userData === undefined ? [] : typedUserData.filter((property) => props[property] !== undefined);
  return [
    ...both.map(
      (property) =>
        `'cloudInit.${property}' cannot be combined with 'cloudInit.userData', which is the whole document; ` +
        "add it to the document, or give the document as one of 'cloudInit.parts'",
    ),
    ...(props.network !== undefined && props.networkConfig !== undefined
      ? ["'cloudInit.network' cannot be combined with 'cloudInit.networkConfig'; keep one of them"]
      : []),
  ];
}

export function hostnameProblems(hostname: string): string[] {
  return known(hostname) && !isHostname(hostname)
    ? [
        `'cloudInit.hostname' must be letters, digits and '-' with dots between, got '${hostname}'; ` +
          "set it, or change the machine's name, which is its default",
      ]
    : [];
}

function userProblems(user: CloudInitUser): string[] {
  const problems = (user.sshKeys ?? []).flatMap((key) => keyProblems("users.sshKeys", key));
  if (known(user.name) && !/^[a-z_][a-z0-9_-]{0,31}$/.test(user.name)) {
    problems.push(
      `'cloudInit.users.name' must be 1 to 32 lower-case letters, digits, '-' and '_', got '${user.name}'; choose another name`,
    );
  }
  // The message does not show the value: a value that is not a hash can be the password itself.
  if (user.hashedPassword !== undefined && known(user.hashedPassword) && !/^\$\w+\$\S+$/.test(user.hashedPassword)) {
    problems.push(
      `'cloudInit.users.hashedPassword' must be a hash like '$6$…', got something else for '${user.name}'; ` +
        "create one with 'openssl passwd -6'",
    );
  }
  return problems;
}

function keyProblems(property: string, key: string): string[] {
  if (!known(key) || publicKey.test(key.trim())) {
    return [];
  }
  return key.includes("PRIVATE KEY")
    ? [`'cloudInit.${property}' must be public keys, got a private key; use the file that ends with '.pub'`]
    : [
        `'cloudInit.${property}' must be public keys, got '${key.trim().slice(0, 40)}'; ` +
          "copy each from a file that ends with '.pub'",
      ];
}

function fileProblems(file: CloudInitFile): string[] {
  const problems: string[] = [];
  if (known(file.path) && !file.path.startsWith("/")) {
    problems.push(`'cloudInit.files.path' must be an absolute path, got '${file.path}'; begin it with '/'`);
  }
  if (file.permissions !== undefined && known(file.permissions) && !/^0?[0-7]{3,4}$/.test(file.permissions)) {
    problems.push(
      `'cloudInit.files.permissions' must be octal digits, got '${file.permissions}'; write them like '0644'`,
    );
  }
  return problems;
}

function repetitions(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const repeated = names.filter((name) => known(name) && (seen.has(name) || !seen.add(name)));
  return [...new Set(repeated)];
}

function known(value: string): boolean {
  return !Token.isUnresolved(value);
}
