//! Pushed authorization requests (RFC 9126): the parameters go to the server directly, and the browser carries a reference to them.

use alloc::string::String;

use super::{
    AuthorizationServerMetadata, ClientConfig, authorization::at_endpoint, server_error::server_error, token::string,
};
use crate::{error::Error, form::Form, json::Object, limits};

/// Where to send the browser, by the answer to a [pushed request](super::authorization::Step::Push). A server that refuses one is not asked in
/// another way: what was to be pushed never comes into a URL.
///
/// # Errors
/// `pushed_request_refused`, `pushed_response_invalid`, `metadata_invalid`.
pub fn pushed_url(
    status: u16,
    text: &str,
    config: &ClientConfig,
    metadata: &AuthorizationServerMetadata,
) -> Result<String, Error> {
    let invalid = |parameter| Error::PushedResponseInvalid { parameter };
    if text.len() > limits::MAX_TOKEN_RESPONSE_BYTES {
        return Err(invalid("(document size)"));
    }
    let members = Object::parse(text.as_bytes()).map_err(|_| invalid("(document)"))?;
    let text = |parameter| string(&members, parameter).map_err(|()| invalid(parameter));
    if let Some(error) = text("error")? {
        return Err(Error::PushedRequestRefused(server_error(error, text("error_description")?)));
    }
    if status != 201 {
        return Err(invalid("(status)"));
    }
    let is_uri = |uri: &&str| !uri.is_empty() && uri.bytes().all(|byte| byte.is_ascii_graphic());
    let request_uri = text("request_uri")?.filter(is_uri).ok_or_else(|| invalid("request_uri"))?;
    let mut query = Form::default();
    query.append_pair("client_id", &config.client_id).append_pair("request_uri", request_uri);
    at_endpoint(metadata, &query.finish())
}
