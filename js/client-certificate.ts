/**
 * What Cloudflare's edge tells a Worker of the client's certificate: `request.cf.tlsClientAuth`. Clients can't write it.
 *
 * @module
 */
import { policyInvalid } from "./errors.ts";

/** A certificate as the core takes it: its state, empty for a thumbprint that was given as such, and its digest. */
export interface PresentedCertificate {
  readonly state: string;
  readonly digest: string;
}

/** Finds the certificate of a request, if one was presented. */
export type CertificateOf = (request: Request) => PresentedCertificate | undefined;

/** The certificate that a request to a Worker came with. Whether it counts, the core says. */
export const certificateOfWorker: CertificateOf = (request) => {
  const { cf } = request as Request & { cf?: { tlsClientAuth?: Record<string, unknown> | null } };
  const certificate = cf?.tlsClientAuth;
  if (certificate?.certPresented !== "1") return undefined;
  const { certVerified, certRevoked, certFingerprintSHA256 } = certificate;
  return { state: `${certRevoked} ${certVerified}`, digest: `${certFingerprintSHA256}` };
};

/**
 * How certificates are found where the policy needs them: as the application says, or else as the runtime does.
 *
 * @throws EdgewardError `policy_invalid` where neither can say it.
 */
export function certificatesOf(
  runtime: CertificateOf | undefined,
  thumbprintOf: ((request: Request) => string | undefined) | undefined,
): CertificateOf {
  if (thumbprintOf !== undefined) {
    return (request) => {
      const digest = thumbprintOf(request);
      return digest === undefined ? undefined : { state: "", digest };
    };
  }
  if (runtime !== undefined) return runtime;
  throw policyInvalid({
    path: "mtls",
    problem: "needs the option `clientCertificateThumbprint` in this runtime, which tells of no certificates",
  });
}

/** A certificate's lines in a request's text, after what has to come before them; nothing where there is none. */
export const linesOf = (certificate: PresentedCertificate | undefined, before: string): string =>
  certificate === undefined ? "" : `${before}\n${certificate.state}\n${certificate.digest}`;
