//! Against answers as they go over the wire, from a name server of a few lines on loopback.

use super::*;
use hickory_resolver::proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

/// What the server says of a question: an alias leads on, one name has no address, one makes it fail.
fn answer(question: &Name, kind: RecordType) -> (ResponseCode, Vec<Record>) {
    let record = |of: &str, data: RData| Record::from_rdata(name(of), 60, data);
    let v4 = || record("host.example.com.", RData::A(A::new(203, 0, 113, 1)));
    let v6 = || record("host.example.com.", RData::AAAA(AAAA::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)));
    let alias = || record("www.example.com.", RData::CNAME(CNAME(name("host.example.com."))));
    match (question.to_ascii().to_ascii_lowercase().as_str(), kind) {
        ("host.example.com.", RecordType::A) => (ResponseCode::NoError, vec![v4()]),
        ("host.example.com.", RecordType::AAAA) => (ResponseCode::NoError, vec![v6()]),
        ("www.example.com.", RecordType::A) => (ResponseCode::NoError, vec![alias(), v4()]),
        ("www.example.com.", RecordType::AAAA) => (ResponseCode::NoError, vec![alias(), v6()]),
        ("broken.example.com.", _) => (ResponseCode::ServFail, vec![]),
        _ => (ResponseCode::NXDomain, vec![]),
    }
}

async fn server(tasks: &mut JoinSet<()>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
    let address = socket.local_addr().expect("an address");
    tasks.spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let asked = Message::from_vec(&buffer[..length]).expect("a question");
            let query = asked.queries[0].clone();
            let (code, records) = answer(query.name(), query.query_type());
            let mut said = Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
            said.metadata.response_code = code;
            said.metadata.recursion_available = true;
            said.add_query(query);
            said.add_answers(records);
            socket.send_to(&said.to_vec().expect("an answer"), from).await.expect("sent");
        }
    });
    address
}

#[tokio::test]
async fn the_dns_says_where_a_host_points_whatever_the_way_there() {
    let mut tasks = JoinSet::new();
    let dns = DnsResolver::new(Some(server(&mut tasks).await)).expect("a resolver");
    let ask = async |host: &str| dns.addresses(&host.parse().expect("a host name")).await;
    let both: Vec<IpAddr> = ["203.0.113.1", "2001:db8::1"].map(|text| text.parse().expect("an address")).into();
    for host in ["host.example.com", "www.example.com"] {
        assert_eq!(ask(host).await.expect("an answer"), both, "{host}");
    }
    assert_eq!(ask("nothing.example.com").await.expect("an answer"), [] as [IpAddr; 0]);
    let failed = ask("broken.example.com").await.expect_err("no answer").0;
    assert!(failed.starts_with("the DNS does not answer"), "{failed}");
}
