/**
 * Middleware for Hono: an application's own routes guarded by a policy.
 *
 * @module
 */
import type { Context, Env, MiddlewareHandler } from "hono";
import type { Guard, RequestContext, VerifiedToken } from "./gate-types.ts";

/** What the handlers behind the middleware find: `c.get("token")` is what the verified token says; `undefined` on a public route. */
export interface GuardEnv extends Env {
  Variables: { token: VerifiedToken | undefined };
}

/**
 * Guards the routes it is used on. The policy judges the request's whole path, and what none of its routes names is refused with 404.
 *
 * Handlers take who calls from `c.get("token")`. The request's headers are as the client sent them, whatever they claim.
 *
 * @param source a guard, or a gate; or what makes one from the first request's context, where a Worker's secrets are (`c.env`)
 */
export function guard<E extends GuardEnv = GuardEnv>(
  source: Guard | ((context: Context<E>) => Guard),
): MiddlewareHandler<E> {
  let made = typeof source === "function" ? undefined : source;
  return async (context, next) => {
    made ??= typeof source === "function" ? source(context) : source;
    const decision = await made.authorize(context.req.raw, requestContext(context));
    if (decision.outcome === "respond") return decision.response;
    context.set("token", decision.token);
    await next();
    const answer = context.res;
    const finished = decision.finish(answer);
    if (finished !== answer) {
      // Hono puts the headers of the answer before into the one that is set in its place, and so those that were taken off.
      context.res = undefined;
      context.res = finished;
    }
    return undefined;
  };
}

/** The runtime's context, where there is one: Hono throws where there is none. */
function requestContext<E extends Env>(context: Context<E>): RequestContext | undefined {
  try {
    return context.executionCtx;
  } catch {
    return undefined;
  }
}
