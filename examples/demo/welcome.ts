/**
 * What `npm start` tells a newcomer: where to go, who to be, what to try.
 */

import { API_AUDIENCE } from "./resources.ts";
import type { Stack } from "./stack.ts";

export function welcome({ urls, accounts, clients }: Stack): string {
  const { gauge, auditor } = clients;
  const token = (client: { client_id: string; client_secret: string }, scope: string) =>
    `curl -s -u ${client.client_id}:${client.client_secret} ${urls.authorizationServer}/token \\
      -d grant_type=client_credentials -d scope=${scope} -d resource=${API_AUDIENCE} \\
      | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'`;
  const people = accounts.map(
    ({ username, password, note }) => `${username} / ${password}`.padEnd(24) + note,
  );

  return `Open the page    ${urls.page}/
Sign in as       ${people.join("\n                 ")}

Gate             ${urls.gate}   (in front of the API; this is edgeward)
Authorization    ${urls.authorizationServer}
API              ${urls.api}   (behind the gate; nobody calls it directly)

Try, in another terminal:

  # refused: no token
  curl -i ${urls.gate}/data

  # let through: a token of the tide gauge's own
  TOKEN=$(${token(gauge, "data:read")})
  curl -i ${urls.gate}/data -H "Authorization: Bearer $TOKEN"

  # refused: the same token lacks the scope
  curl -i ${urls.gate}/machine/report -H "Authorization: Bearer $TOKEN"

  # an opaque token: let through, revoked, refused
  TOKEN=$(${token(auditor, "audit:read")})
  curl -i ${urls.gate}/audit -H "Authorization: Bearer $TOKEN"
  curl -s -u ${auditor.client_id}:${auditor.client_secret} ${urls.authorizationServer}/token/revocation -d token=$TOKEN
  curl -i ${urls.gate}/audit -H "Authorization: Bearer $TOKEN"

Ctrl-C stops all of it.`;
}
