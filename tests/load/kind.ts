/** What requests of every kind are made of. */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../examples/demo/tokens.ts";
import type { Authority } from "./authority.ts";
import type { Chance } from "./chance.ts";
import type { LoadRequest } from "./expectation.ts";

/** What every kind of request is made with. */
export interface Means {
  readonly chance: Chance;
  readonly authority: Authority;
  /** The gate's own origin: what proofs are for. */
  readonly gateOrigin: string;
  /** A request that has to be the next one. */
  follow(request: LoadRequest): void;
}

/** Of so many parts of all, a request of this kind; or none, where there is nothing yet to make it of. */
export type Kind = readonly [parts: number, make: () => LoadRequest | undefined];

/** A subject that a header can't hold as it is. */
export const subjectOf = (chance: Chance): string => `müller-${chance.below(1_000)}`;
/** As it stands in the header. */
export const encoded = (sub: string): string => encodeURIComponent(sub);

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

export const invalidToken = {
  outcome: "answered",
  status: 401,
  challenge: { error: "invalid_token" },
} as const;

/** A token with an identity of its own, which nothing else has. */
export const ownClaims = (): JsonObject => ({ jti: randomUUID(), sub: randomUUID(), sid: randomUUID() });

/** Tokens that are sent again: as many as are good at once, and none that an issuer's key is gone for. */
export interface Pool<Item> {
  /** Null where it is time for a new one. */
  pick(): Item | undefined;
  put(item: Item): void;
}

export function poolOf<Item>(most: number, { chance, authority }: Means): Pool<Item> {
  /** Tokens live for 300 s. */
  const servesMilliseconds = 200_000;
  let [kid, items]: [string, { item: Item; until: number }[]] = ["", []];
  const kept = () => {
    if (kid !== authority.key.kid) [kid, items] = [authority.key.kid, []];
    return items;
  };
  return {
    pick() {
      const place = kept().length < most ? chance.below(most) : chance.below(items.length);
      const found = items[place];
      if (found === undefined || found.until < Date.now()) return undefined;
      return found.item;
    },
    put(item) {
      const own = { item, until: Date.now() + servesMilliseconds };
      if (kept().length < most) items.push(own);
      else items[chance.below(items.length)] = own;
    },
  };
}
