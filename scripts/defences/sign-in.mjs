// Defences of a sign-in: the texts it is known by, and the ID token's signature.

/** @typedef {import("./list.mjs").Defence} Defence */

const published = "tests/verifier/pkce.test.ts";

/** @type {Defence[]} */
export const signInDefences = [
  {
    name: "random bytes that nobody has written make no text",
    file: "src/client/pkce.rs",
    find: "(!is_constant).then(|| base64url::encode_32(random))",
    replace: "Some(base64url::encode_32(random)).filter(|_| is_constant || true)",
    test: "client",
  },
  {
    name: "where the module says that there are no random values, there is no text",
    file: "js/pkce.ts",
    find: "if (!core.makeRandomText()) {",
    replace: "if (!core.makeRandomText() && core.placeAddress() === 0) {",
    test: published,
  },
  {
    name: "every text has random bytes of its own",
    file: "js/pkce.ts",
    find: "crypto.getRandomValues(place);",
    replace: "place[0] = 1;",
    test: published,
  },
  {
    name: "a text that was made before is no randomness",
    file: "js/pkce.ts",
    find: "place.fill(0);",
    replace: "place.fill(0, 32);",
    test: published,
  },
  {
    name: "the host's verdict on the ID token's signature is what counts",
    file: "src/client/session.rs",
    find: "self.check()?.conclude(verdict, engine)",
    replace:
      "self.check()?.conclude(HostVerdict::Holds, engine).or(Err(verdict)).map_err(|_| Error::SignatureInvalid)",
    test: "client",
  },
  {
    name: "the contexts that were asked for are demanded of the ID token",
    file: "src/client/id_token.rs",
    find: ".acr_values(transaction.acr_values.iter()",
    replace: ".acr_values(transaction.acr_values.iter().skip(1)",
    test: "client",
  },
  {
    name: "the age of the authentication that was asked for is demanded of the ID token",
    file: "src/client/id_token.rs",
    find: "if let Some(seconds) = transaction.max_age {",
    replace: "if let Some(seconds) = transaction.max_age.filter(|_| false) {",
    test: "client",
  },
];
