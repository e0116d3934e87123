//! The contract of the short-lived store.

use paifang_server::session::{Kv, MemoryKv, RedisKv};
use paifang_tests::Stack;
use std::time::Duration;

async fn both() -> [Kv; 2] {
    let redis = Stack::Postgres.make().await.redis.unwrap();
    [Kv::Memory(MemoryKv::default()), Kv::Redis(RedisKv::open(&redis.into()).unwrap())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_are_set_replaced_removed_and_expire() {
    for kv in both().await {
        assert_eq!(kv.get("a").await.unwrap(), None);
        kv.set("a", "1", 60_000).await.unwrap();
        assert_eq!(kv.get("a").await.unwrap().as_deref(), Some("1"));
        assert!(kv.replace("a", "2").await.unwrap());
        assert!(!kv.replace("b", "2").await.unwrap());
        assert_eq!(kv.get("b").await.unwrap(), None, "replace makes nothing");
        kv.remove("a").await.unwrap();
        assert_eq!(kv.get("a").await.unwrap(), None);
        kv.set("short", "x", 600).await.unwrap();
        assert!(kv.replace("short", "y").await.unwrap());
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert_eq!(kv.get("short").await.unwrap(), None, "replacing keeps the lifetime");
        kv.ping().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_has_one_holder_and_is_given_back_by_it() {
    for kv in both().await {
        assert!(kv.set_if_absent("lock", "me", 60_000).await.unwrap());
        assert!(!kv.set_if_absent("lock", "you", 60_000).await.unwrap());
        kv.remove_if("lock", "you").await.unwrap();
        assert!(!kv.set_if_absent("lock", "you", 60_000).await.unwrap());
        kv.remove_if("lock", "me").await.unwrap();
        assert!(kv.set_if_absent("lock", "you", 60_000).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sets_keep_their_members_once() {
    for kv in both().await {
        assert!(kv.members("s").await.unwrap().is_empty());
        for member in ["b", "a", "b"] {
            kv.add_member("s", member, 60_000).await.unwrap();
        }
        let mut members = kv.members("s").await.unwrap();
        members.sort();
        assert_eq!(members, ["a", "b"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_start_anew_after_their_window() {
    for kv in both().await {
        let counts = [kv.count("c", 1000).await.unwrap(), kv.count("c", 1000).await.unwrap()];
        assert_eq!([counts[0].0, counts[1].0], [1, 2]);
        assert!((1..=1000).contains(&counts[1].1), "{counts:?}");
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(kv.count("c", 1000).await.unwrap().0, 1);
    }
}
