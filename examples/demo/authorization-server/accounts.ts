/**
 * The people who can sign in. Their passwords are printed at start: they guard nothing, on this machine, for
 * as long as the demo runs. They are still kept and compared the way passwords should be.
 */

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { PERSON_SCOPES } from "../resources.ts";

export interface AccountCredentials {
  readonly username: string;
  readonly password: string;
  /** One line for the reader: who this is, and what is different about them. */
  readonly note: string;
}

export interface Account {
  readonly sub: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** The API scopes this person may pass on to an application. The consent page offers no others. */
  readonly grantable: ReadonlySet<string>;
  /** Roles (RFC 9068 section 2.2.3.1) and what else the API's tokens say of a person. */
  readonly rights: { readonly roles: readonly string[]; readonly station: { readonly level: number } };
}

export interface AccountStore {
  readonly credentials: readonly AccountCredentials[];
  find(sub: string): Account | undefined;
  /** The account, or undefined: which of the two was wrong stays unsaid. */
  authenticate(username: string, password: string): Promise<Account | undefined>;
}

const PEOPLE = [
  {
    username: "ada",
    password: "tide-tables",
    note: "station keeper: may grant everything, admin too",
    account: {
      sub: "ada-lovelace",
      username: "ada",
      name: "Ada Lovelace",
      email: "ada@tidewater.example",
      grantable: new Set(PERSON_SCOPES),
      rights: { roles: ["keeper"], station: { level: 3 } },
    },
  },
  {
    username: "grace",
    password: "spring-flood",
    note: "visitor: reads and writes, but never admin",
    account: {
      sub: "grace-hopper",
      username: "grace",
      name: "Grace Hopper",
      email: "grace@tidewater.example",
      grantable: new Set(PERSON_SCOPES.filter((scope) => scope !== "admin")),
      rights: { roles: ["visitor"], station: { level: 1 } },
    },
  },
] as const satisfies ReadonlyArray<AccountCredentials & { account: Account }>;

const HASH_BYTES = 32;
const derive = promisify<string, Buffer, number, Buffer>(scrypt);

export async function createAccountStore(): Promise<AccountStore> {
  const records = await Promise.all(
    PEOPLE.map(async ({ account, password }) => {
      const salt = randomBytes(16);
      return { account: account as Account, salt, hash: await derive(password, salt, HASH_BYTES) };
    }),
  );
  // Compared against when the name is unknown, so that the answer takes as long as for a known one.
  const nobody = { account: undefined, salt: randomBytes(16), hash: randomBytes(HASH_BYTES) };

  return {
    credentials: PEOPLE.map(({ username, password, note }) => ({ username, password, note })),
    find: (sub) => records.find((record) => record.account.sub === sub)?.account,
    async authenticate(username, password) {
      const record = records.find((candidate) => candidate.account.username === username) ?? nobody;
      const hash = await derive(password, record.salt, HASH_BYTES);
      return timingSafeEqual(hash, record.hash) ? record.account : undefined;
    },
  };
}
