//! The loopback listener the browser comes back to: one path, one use.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::page;
use super::request::{self, Asked, Refusal};
use crate::Error;

/// Longest head of a request that is read.
const MAX_HEAD: usize = 16 * 1024;

/// A browser that opens a connection and says nothing is let go after this.
const PATIENCE: Duration = Duration::from_secs(20);

/// Both loopback addresses, bound.
pub(super) struct Loopback {
    listeners: Vec<TcpListener>,
    pub(super) port: u16,
}

impl Loopback {
    /// Binds 127.0.0.1 and, where the computer has it, `::1`: browsers differ in what they take
    /// `localhost` for.
    pub(super) fn bind(port: u16) -> Result<Self, Error> {
        let taken = |reason: std::io::Error| match reason.kind() {
            std::io::ErrorKind::AddrInUse => Error::PortTaken { port },
            _ => Error::NoListener { port, reason },
        };
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken)?;
        let port = v4.local_addr().map_err(taken)?.port();
        let mut listeners = vec![v4];
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
            Ok(v6) => listeners.push(v6),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                return Err(Error::PortTaken { port });
            }
            Err(error) => tracing::debug!(%error, "no IPv6 loopback"),
        }
        for listener in &listeners {
            listener.set_nonblocking(true).map_err(taken)?;
        }
        Ok(Self { listeners, port })
    }
}

/// The callback, with the browser still waiting for its page.
pub(super) struct Callback {
    pub(super) answer: Result<String, Refusal>,
    page: oneshot::Sender<bool>,
    connections: JoinSet<()>,
}

impl Callback {
    /// Shows the page that says how it went, and closes.
    pub(super) async fn show(mut self, signed_in: bool) {
        if self.page.send(signed_in).is_ok() {
            let written = async { while self.connections.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(Duration::from_secs(1), written).await;
        }
    }
}

enum Heard {
    Callback(Result<String, Refusal>, oneshot::Sender<bool>),
    Stray,
}

/// Waits for the callback; counts in `strays` what belongs to other logins.
pub(super) async fn wait(
    loopback: Loopback,
    state: &str,
    strays: &mut u32,
) -> Result<Callback, Error> {
    let port = loopback.port;
    let (heard, mut hearing) = mpsc::channel(8);
    let mut accepting = JoinSet::new();
    let (connected, mut connections_in) = mpsc::channel(8);
    for listener in loopback.listeners {
        let listener = tokio::net::TcpListener::from_std(listener)
            .map_err(|reason| Error::NoListener { port, reason })?;
        let connected = connected.clone();
        accepting.spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        if connected.send(stream).await.is_err() {
                            return;
                        }
                    }
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
    }
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(stream) = connections_in.recv() => {
                let (heard, state) = (heard.clone(), state.to_owned());
                connections.spawn(async move {
                    let talk = converse(stream, port, &state, heard);
                    if let Err(error) = talk.await {
                        tracing::debug!(%error, "a connection to the callback port broke");
                    }
                });
            }
            Some(heard) = hearing.recv() => match heard {
                Heard::Stray => *strays += 1,
                Heard::Callback(answer, page) => {
                    // Closed at once: one use.
                    accepting.shutdown().await;
                    return Ok(Callback { answer, page, connections });
                }
            },
        }
    }
}

async fn converse(
    mut stream: TcpStream,
    port: u16,
    state: &str,
    teller: mpsc::Sender<Heard>,
) -> std::io::Result<()> {
    let Ok(head) = tokio::time::timeout(PATIENCE, read_head(&mut stream)).await else {
        return Ok(());
    };
    let answer = match request::read(&head?, port, state) {
        Asked::Preflight => "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Methods: GET\r\n\
             Access-Control-Allow-Private-Network: true\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
            .to_owned(),
        Asked::Other(status) => empty(status),
        Asked::Stray => {
            let _ = teller.send(Heard::Stray).await;
            html("400 Bad Request", &page::stray())
        }
        Asked::Callback(answer) => {
            let (page, result) = oneshot::channel();
            let sent = teller.send(Heard::Callback(answer, page)).await;
            match (sent, result.await) {
                (Ok(()), Ok(true)) => html("200 OK", &page::success()),
                (Ok(()), Ok(false)) => html("200 OK", &page::failure()),
                _ => html("400 Bad Request", &page::stray()),
            }
        }
    };
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut piece = [0_u8; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MAX_HEAD {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            break;
        }
        head.extend_from_slice(&piece[..read]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn empty(status: u16) -> String {
    let reason = match status {
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Bad Request",
    };
    format!("HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn html(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
