/** Mixed requests by chance from a seed, good and bad, each with what has to come of it. */
import type { Authority } from "./authority.ts";
import { badRequests } from "./bad-requests.ts";
import { boundRequests } from "./bound-requests.ts";
import { chanceOf } from "./chance.ts";
import type { LoadRequest } from "./expectation.ts";
import { goodRequests } from "./good-requests.ts";
import type { Kind, Means } from "./kind.ts";
import { plainRequests } from "./plain-requests.ts";
import { revocationRequests } from "./revocation-requests.ts";

export interface Traffic {
  /** The next request; `number` is its own, and `passed` says whether all up to one have been answered. */
  next(number: number, passed: (request: number) => boolean): LoadRequest;
}

export function trafficOf(seed: number, authority: Authority, gateOrigin: string): Traffic {
  const chance = chanceOf(seed);
  const following: LoadRequest[] = [];
  const means: Means = { chance, authority, gateOrigin, follow: (request) => following.push(request) };
  const kinds: readonly Kind[] = [
    ...goodRequests(means),
    ...badRequests(means),
    ...boundRequests(means),
    ...revocationRequests(means),
    ...plainRequests(means),
  ];
  const all = kinds.reduce((sum, [parts]) => sum + parts, 0);
  const drawn = (): LoadRequest | undefined => {
    let place = chance.below(all);
    for (const [parts, make] of kinds) {
      if (place < parts) return make();
      place -= parts;
    }
    return undefined;
  };
  return {
    next(number, passed) {
      // What follows may have a token of the present key: first it, then a step of the rotation.
      const next = following.shift();
      if (next !== undefined) return next;
      authority.step(Date.now(), number, passed);
      for (;;) {
        const request = drawn();
        if (request !== undefined) return request;
      }
    },
  };
}
