// Defences of issuers that are many tenants.

const core = "src/resource_server/tenants.rs";
const test = "resource_server tenants::";

/** @type {import("./list.mjs").Defence[]} */
export const tenantDefences = [
  {
    name: "which tenants are trusted has to be said",
    file: core,
    find: 'if fields.value("tenants").is_none() {',
    replace: "if false {",
    test,
  },
  {
    name: "where the keys of all tenants are has to be said",
    file: core,
    find: 'if fields.value("jwks_uri").is_none_or(Value::is_null) {',
    replace: "if false {",
    test,
  },
  {
    name: "a tenant that is not listed is nobody's",
    file: "src/jwt/issuer.rs",
    find: "self.tenants.as_ref().is_none_or(is_known)",
    replace: "self.tenants.as_ref().is_none_or(is_known) || true",
    test,
  },
  {
    name: "no token is of two entries of the policy",
    file: "src/resource_server/token_policy.rs",
    find: "issuers.iter().find(|present| present.overlaps(&issuer))",
    replace: "issuers.iter().find(|present| present.issuer == issuer.issuer)",
    test,
  },
  {
    name: "templates that cross are told apart",
    file: core,
    find: "(PLACE, segment) | (segment, PLACE) => is_tenant(&segment),",
    replace: "(PLACE, _) | (_, PLACE) => false,",
    test,
  },
  {
    name: "a tenant's place is a segment of the path",
    file: core,
    find: "url.is_some_and(|url| text.starts_with(url.origin()))",
    replace: "url.is_some()",
    test,
  },
  {
    name: "a route of one tenant is not another's",
    file: "src/resource_server/requirement/evidence.rs",
    find: "named.place == self.issuer && named.tenant.as_ref().is_none_or(is_of_tenant)",
    replace: "named.place == self.issuer && (named.tenant.as_ref().is_none_or(is_of_tenant) || true)",
    test,
  },
  {
    name: "introspection of one tenant's token speaks of no other's",
    file: "src/resource_server/introspection.rs",
    find: "differs(said.issuer(), own.issuer())",
    replace: "differs(None, own.issuer())",
    test,
  },
  {
    name: "an opaque token's tenant is said",
    file: "src/resource_server/introspection.rs",
    find: "if is_of_tenants && entitled.is_none() && said.issuer().is_none() {",
    replace: "if is_of_tenants && entitled.is_none() && false {",
    test,
  },
  {
    name: "no assertion is made for an issuer that is none",
    file: "src/resource_server/issuer.rs",
    find: "if self.client.makes_assertions() {",
    replace: "if false {",
    test,
  },
  {
    name: "an entry of the deny list names a tenant's issuer",
    file: "src/resource_server/revocation/administration.rs",
    find: "[only] if only.tenants.is_none() => ",
    replace: "[only] => ",
    test,
  },
];
