//! Connections: http and https on one port, each cut off in the middle when a fault says so.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a client may take to shake hands.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// First byte of a TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

const OPEN: u8 = 0;
const CLOSED: u8 = 1;
const RESET: u8 = 2;

/// Cuts one connection: from then on nothing more is written to it and it ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cut(Arc<AtomicU8>);

impl Cut {
    /// The connection closes.
    pub(crate) fn close(&self) {
        self.0.store(CLOSED, Ordering::SeqCst);
    }

    /// The connection is reset: the client sees an error of the network instead of an end.
    pub(crate) fn reset(&self) {
        self.0.store(RESET, Ordering::SeqCst);
    }
}

/// What a request's connection tells about it.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) cut: Cut,
    /// Whether the request came by https.
    pub(crate) secure: bool,
}

impl Connected<IncomingStream<'_, PortListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, PortListener>) -> Self {
        Self {
            cut: stream.io().cut.clone(),
            secure: matches!(stream.io().wire, Wire::Secure(_)),
        }
    }
}

type Ready = (CuttableStream, SocketAddr);

/// A listener for http and https. Each connection is looked at and shakes hands in a task of its
/// own, so that a slow one holds up nobody.
pub(crate) struct PortListener {
    listener: TcpListener,
    tls: TlsAcceptor,
    ready: mpsc::Receiver<Ready>,
    give: mpsc::Sender<Ready>,
}

impl PortListener {
    pub(crate) fn new(listener: TcpListener, tls: TlsAcceptor) -> Self {
        let (give, ready) = mpsc::channel(64);
        Self {
            listener,
            tls,
            ready,
            give,
        }
    }
}

impl Listener for PortListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                // Never `None`: this listener holds a sender itself.
                Some(ready) = self.ready.recv() => return ready,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, address)) => {
                        tokio::spawn(prepare(stream, address, self.tls.clone(), self.give.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "could not accept a connection");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Tells http from https and hands the connection over; gives up when the listener is gone.
async fn prepare(
    stream: TcpStream,
    address: SocketAddr,
    tls: TlsAcceptor,
    give: mpsc::Sender<Ready>,
) {
    // Small answers must not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let opened = tokio::select! {
        () = give.closed() => return,
        opened = open(stream, tls) => opened,
    };
    match opened {
        Ok(Some(wire)) => {
            let stream = CuttableStream {
                wire,
                cut: Cut::default(),
            };
            let _ = give.send((stream, address)).await;
        }
        Ok(None) => {}
        // A client that does not trust the certificate ends here.
        Err(error) => tracing::debug!(%error, "a connection was not opened"),
    }
}

/// `None` when the client left without a word.
async fn open(stream: TcpStream, tls: TlsAcceptor) -> io::Result<Option<Wire>> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Ok(None);
    }
    if first[0] != TLS_HANDSHAKE {
        return Ok(Some(Wire::Plain(stream)));
    }
    let shaken = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await??;
    Ok(Some(Wire::Secure(Box::new(shaken))))
}

enum Wire {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

impl Wire {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Secure(stream) => stream.get_ref().0,
        }
    }
}

/// A connection that refuses to write once it is cut.
pub(crate) struct CuttableStream {
    wire: Wire,
    cut: Cut,
}

impl CuttableStream {
    fn check(&self) -> io::Result<()> {
        match self.cut.0.load(Ordering::SeqCst) {
            OPEN => Ok(()),
            RESET => {
                // Without lingering, dropping the socket sends a reset.
                self.wire.tcp().set_zero_linger()?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
            _ => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Wire::Secure(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write(cx, data),
            Wire::Secure(stream) => Pin::new(stream).poll_write(cx, data),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, data),
            Wire::Secure(stream) => Pin::new(stream).poll_write_vectored(cx, data),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.wire {
            Wire::Plain(stream) => stream.is_write_vectored(),
            Wire::Secure(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Wire::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A cut connection says no goodbye (TLS would).
        self.check()?;
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
