/**
 * Login and consent: the pages between the authorization request and the redirect back with a code.
 *
 * oidc-provider decides when one of them is needed and sends the browser here; the answer goes back to it.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { errors, type InteractionResults, type Provider } from "oidc-provider";
import { readBody } from "../loopback-server.ts";
import type { Account, AccountStore } from "./accounts.ts";
import { loginResult } from "./authentication.ts";
import type { DemoClient, DemoClients } from "./clients.ts";
import { type ConsentRequest, consentChoices, decide, words } from "./consent.ts";
import { consentPage, errorPage, loginPage } from "./pages.ts";

type Interaction = Awaited<ReturnType<Provider["interactionDetails"]>>;

/** `/interaction/{uid}` shows the page; its forms post to `…/login`, `…/consent` and `…/cancel`. */
const INTERACTION_PATH = /^\/interaction\/([\w-]+)(?:\/(login|consent|cancel))?$/;

export interface Interactions {
  /** True when the request was for one of these pages and has been answered. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
}

export function createInteractions(
  provider: Provider,
  accounts: AccountStore,
  clients: DemoClients,
): Interactions {
  const registered = new Map<string, DemoClient>(
    Object.values(clients).map((client) => [client.client_id, client]),
  );

  const clientNameOf = async ({ params }: Interaction): Promise<string> => {
    const client = await provider.Client.find(String(params.client_id));
    return client?.clientName ?? String(params.client_id);
  };

  const showLogin = async (response: ServerResponse, interaction: Interaction, failedUsername?: string) => {
    const page = loginPage({
      action: `/interaction/${interaction.uid}/login`,
      cancelAction: `/interaction/${interaction.uid}/cancel`,
      clientName: await clientNameOf(interaction),
      username: failedUsername ?? text(interaction.params.login_hint),
      failed: failedUsername !== undefined,
      accounts: accounts.credentials,
    });
    sendHtml(response, failedUsername === undefined ? 200 : 422, page);
  };

  const consentRequestOf = ({ params, session }: Interaction): ConsentRequest => {
    const client = registered.get(String(params.client_id));
    const account = accounts.find(session?.accountId ?? "");
    if (client === undefined || account === undefined)
      throw new errors.SessionNotFound("nobody is signed in");
    return { client, account, scopes: words(text(params.scope)), resources: list(params.resource) };
  };

  const showConsent = async (response: ServerResponse, interaction: Interaction) => {
    const request = consentRequestOf(interaction);
    const page = consentPage({
      action: `/interaction/${interaction.uid}/consent`,
      cancelAction: `/interaction/${interaction.uid}/cancel`,
      clientName: await clientNameOf(interaction),
      personName: request.account.name,
      choices: consentChoices(request),
    });
    sendHtml(response, 200, page);
  };

  const login = async (form: URLSearchParams): Promise<Account | undefined> =>
    await accounts.authenticate(
      (form.get("username") ?? "").trim().toLowerCase(),
      form.get("password") ?? "",
    );

  const grantConsent = async (
    interaction: Interaction,
    form: URLSearchParams,
  ): Promise<InteractionResults> => {
    const request = consentRequestOf(interaction);
    const previous = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined;
    const grant = new provider.Grant({ accountId: request.account.sub, clientId: request.client.client_id });
    decide(grant, previous, request, new Set(form.getAll("scope")));
    return { consent: { grantId: await grant.save() } };
  };

  const submit = async (
    request: IncomingMessage,
    response: ServerResponse,
    interaction: Interaction,
    step: string,
  ): Promise<void> => {
    const form = new URLSearchParams(await readBody(request));
    if (step === "cancel") {
      const result = { error: "access_denied", error_description: "the person refused" };
      return await provider.interactionFinished(request, response, result);
    }
    if (step !== interaction.prompt.name) {
      return sendHtml(
        response,
        400,
        errorPage("invalid_request", "This form belongs to another step of the sign-in."),
      );
    }
    if (step === "consent") {
      const result = await grantConsent(interaction, form);
      return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    }
    const account = await login(form);
    if (account === undefined) return await showLogin(response, interaction, form.get("username") ?? "");
    const result = loginResult(account.sub, interaction.params.acr_values);
    return await provider.interactionFinished(request, response, result);
  };

  return {
    async handle(request, response, path) {
      const match = INTERACTION_PATH.exec(path);
      if (match === null) return false;
      const step = match[2];

      try {
        const interaction = await provider.interactionDetails(request, response);
        if (step !== undefined && request.method === "POST") {
          if (!isSameOrigin(request, provider.issuer)) {
            sendHtml(response, 403, errorPage("invalid_request", "The form was sent from another site."));
          } else {
            await submit(request, response, interaction, step);
          }
        } else if (step === undefined && request.method === "GET") {
          if (interaction.prompt.name === "consent") await showConsent(response, interaction);
          else await showLogin(response, interaction);
        } else {
          response.setHeader("allow", step === undefined ? "GET" : "POST");
          sendHtml(
            response,
            405,
            errorPage("invalid_request", "This address doesn’t take that kind of request."),
          );
        }
      } catch (error) {
        // An old tab, or a sign-in that was finished elsewhere: say so instead of failing.
        if (!(error instanceof errors.SessionNotFound)) throw error;
        sendHtml(
          response,
          400,
          errorPage("expired", "This sign-in is no longer open. Start again from the application."),
        );
      }
      return true;
    },
  };
}

/**
 * The interaction's cookie is SameSite=Lax, but every port of 127.0.0.1 is the same site, so the page's
 * origin would pass. Browsers name the sender of a form in `Origin`; programs that aren't browsers don't.
 */
function isSameOrigin(request: IncomingMessage, issuer: string): boolean {
  return request.headers.origin === undefined || request.headers.origin === new URL(issuer).origin;
}

function sendHtml(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(page);
}

function text(parameter: unknown): string {
  return typeof parameter === "string" ? parameter : "";
}

function list(parameter: unknown): string[] {
  return (Array.isArray(parameter) ? parameter : [parameter]).filter((value) => typeof value === "string");
}
