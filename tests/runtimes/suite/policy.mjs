// The policy that gates and guards enforce here, whatever makes them.

export const policyOf = ({ issuer, audience }) => ({
  realm: "api",
  issuers: [{ issuer, audience, jwks_uri: `${issuer}/jwks` }],
  routes: [
    { path: "/health", public: true },
    { path: "/data", methods: ["GET"], scope: "data:read" },
    { path: "/admin", methods: ["GET"], scope: "admin" },
  ],
});
