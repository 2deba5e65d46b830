//! Failures on real sockets: which of them say that nothing has left.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use rcs_revoke_core::ack::SendFailure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::hyper::HyperTransport;
use super::{HttpRequest, Transport};

/// A server that reads a request's beginning and then does this.
async fn server<F>(then: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            tokio::spawn(then(stream));
        }
    });
    address
}

async fn failure(url: String, timeout: Duration) -> SendFailure {
    let request: HttpRequest = http::Request::patch(url).body(Bytes::from_static(b"{}")).unwrap();
    HyperTransport::plain().send(request, timeout).await.unwrap_err()
}

const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn what_never_left_is_told_from_what_may_have_worked() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(failure(format!("http://{nobody}/"), LONG).await, SendFailure::ConnectionRefused);
    assert_eq!(failure("http://no-such-host.invalid/".to_owned(), LONG).await, SendFailure::NameNotResolved);

    let closes = server(|stream| async move { drop(stream) }).await;
    assert_eq!(failure(format!("http://{closes}/"), LONG).await, SendFailure::BrokenAfterSending);

    let halts = server(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    })
    .await;
    assert_eq!(failure(format!("http://{halts}/"), LONG).await, SendFailure::BrokenAfterSending);

    let silent = server(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    assert_eq!(failure(format!("http://{silent}/"), Duration::from_millis(50)).await, SendFailure::TimedOut);

    let floods = server(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await;
        let _ = stream.write_all(&vec![b'x'; 100_000]).await;
    })
    .await;
    assert_eq!(failure(format!("http://{floods}/"), LONG).await, SendFailure::AnswerTooLong);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let moved = server(|mut stream| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
            .await;
    })
    .await;
    let request = http::Request::patch(format!("http://{moved}/")).body(Bytes::new()).unwrap();
    assert_eq!(HyperTransport::plain().send(request, LONG).await.unwrap().status(), 307);
}
