//! The socket under a call, so that a fault can break it.

use std::any::Any;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;

use actix_web::HttpRequest;
use actix_web::dev::Extensions;

struct Socket(TcpStream);

/// Remembers a second handle of each accepted connection.
pub(crate) fn remember(connection: &dyn Any, data: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Ok(socket) = stream.as_fd().try_clone_to_owned()
    {
        data.insert(Socket(TcpStream::from(socket)));
    }
}

/// Closes the connection of a call; whatever is answered afterwards does not reach the client.
pub(crate) fn hang_up(request: &HttpRequest) {
    if let Some(socket) = request.conn_data::<Socket>() {
        // It fails only if the client was quicker.
        let _ = socket.0.shutdown(Shutdown::Both);
    }
}
