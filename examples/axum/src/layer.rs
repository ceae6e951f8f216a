//! The guard as tower middleware, for axum and whatever else speaks tower.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use edgeward::resource_server::{self, Decision, Header};
use tower::{Layer, Service};

use crate::guard::Guard;

/// Guards the routes below it.
#[derive(Clone)]
pub struct GuardLayer {
    guard: Arc<Guard>,
}

impl GuardLayer {
    pub const fn new(guard: Arc<Guard>) -> Self {
        Self { guard }
    }
}

impl<S> Layer<S> for GuardLayer {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { guard: Arc::clone(&self.guard), inner }
    }
}

/// A service that is reached by what the policy lets through, with the [`Grant`](edgeward::resource_server::Grant) as an extension of the request.
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Arc<Guard>,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was polled goes with the request, its copy stays for the next.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        let guard = Arc::clone(&self.guard);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match guard.authorize(&parts.method, &parts.uri, &parts.headers).await {
                Some(Decision::Forward(forward)) => {
                    let names: Vec<HeaderName> =
                        parts.headers.keys().filter(|name| guard.drops_header(name)).cloned().collect();
                    for name in names {
                        parts.headers.remove(name);
                    }
                    if let Some(grant) = forward.grant {
                        parts.extensions.insert(grant);
                    }
                    let mut response = inner.call(Request::from_parts(parts, body)).await?;
                    set(&mut response, &forward.response_headers);
                    Ok(response)
                }
                Some(Decision::Respond(answer)) => Ok(own(answer)),
                // The task that decided was ended: nothing is let through.
                None => Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
            }
        })
    }
}

/// An answer of the gate's own.
fn own(answer: resource_server::Response) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = (status, answer.body).into_response();
    response.headers_mut().clear();
    set(&mut response, &answer.headers);
    response
}

/// Adds headers: of `Vary` and `WWW-Authenticate` there may be others.
fn set(response: &mut Response, headers: &[Header]) {
    for (name, value) in headers {
        // The core writes no others; one that could not be sent would be left out.
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
}
