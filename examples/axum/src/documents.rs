//! Documents of authorization servers, within the bounds that the core names: so long, so large, no redirect, status 200 or nothing.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use edgeward::resource_server::Need;
use http_body_util::{BodyExt, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

pub struct Documents {
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl Documents {
    /// Trusts the certificates that the platform trusts. `http` URLs are for loopback: the core lets no others through, and asks for those only
    /// where the policy says so.
    pub fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    pub async fn get(&self, url: &str, need: &Need) -> Option<String> {
        let request = Request::get(url).header(header::ACCEPT, "application/json").body(Body::empty()).ok()?;
        self.text_of(request, need).await
    }

    pub async fn post(&self, url: &str, authorization: Option<&str>, form: String, need: &Need) -> Option<String> {
        let mut request = Request::post(url)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.text_of(request.body(form.into()).ok()?, need).await
    }

    async fn text_of(&self, request: Request<Body>, need: &Need) -> Option<String> {
        let limit = Duration::from_millis(need.timeout_milliseconds().into());
        let bytes = tokio::time::timeout(limit, self.bytes_of(request, need.max_bytes())).await.ok()??;
        String::from_utf8(bytes.into()).ok()
    }

    async fn bytes_of(&self, request: Request<Body>, max_bytes: usize) -> Option<Bytes> {
        let answer = self.client.request(request).await.ok()?;
        if answer.status() != StatusCode::OK {
            return None;
        }
        Some(Limited::new(answer.into_body(), max_bytes).collect().await.ok()?.to_bytes())
    }
}
