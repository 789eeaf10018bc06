use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, invitation_id, sixteen, team};
use domain::{Email, Invitation, Role, Team};

fn invitation(team: &Team, email: &str) -> Invitation {
    Invitation {
        id: invitation_id(),
        team_id: team.id,
        team: team.name.clone(),
        email: email.parse().expect("an address"),
        role: Role::Developer,
        invited_by: "ada@example.com".to_owned(),
        created_at: NOW,
        expires_at: after(60),
    }
}

on_both! {
    async fn an_invitation_is_found_by_its_token_for_its_address_until_it_is_too_old(db) {
        let store = db.open().await;
        let red = team("red");
        committed!(store, teams.insert(&red)).expect("it is new");
        let grace = invitation(&red, "grace@example.com");
        committed!(store, invitations.put(&grace, "hash")).expect("put");
        let mallory: Email = "mallory@example.com".parse().expect("an address");
        let found = store.invitations().by_token("hash", &grace.email, after(59)).await.expect("read");
        assert_eq!(found, Some(grace.clone()));
        assert_eq!(store.invitations().by_token("hash", &mallory, NOW).await.expect("read"), None);
        assert_eq!(store.invitations().by_token("other", &grace.email, NOW).await.expect("read"), None);
        assert_eq!(store.invitations().by_token("hash", &grace.email, after(60)).await.expect("read"), None);
        assert_eq!(store.invitations().open_for(&grace.email, after(59)).await.expect("read").len(), 1);
        assert_eq!(store.invitations().open_for(&grace.email, after(60)).await.expect("read"), []);
        assert_eq!(store.invitations().of_team(red.id).await.expect("read"), [grace]);
    }

    async fn a_second_invitation_replaces_the_first_with_its_token(db) {
        let store = db.open().await;
        let red = team("red");
        committed!(store, teams.insert(&red)).expect("it is new");
        let first = invitation(&red, "grace@example.com");
        committed!(store, invitations.put(&first, "first")).expect("put");
        let second = Invitation { role: Role::Viewer, expires_at: after(90), ..first.clone() };
        committed!(store, invitations.put(&second, "second")).expect("put");
        assert_eq!(store.invitations().by_token("first", &first.email, NOW).await.expect("read"), None);
        assert_eq!(store.invitations().by_token("second", &first.email, NOW).await.expect("read"), Some(second.clone()));
        assert_eq!(store.invitations().by_id(red.id, first.id).await.expect("read"), Some(second));
    }

    async fn one_of_many_takes_an_invitation(db) {
        let store = db.open().await;
        let red = team("red");
        committed!(store, teams.insert(&red)).expect("it is new");
        let (team, id) = (red.id, invitation(&red, "grace@example.com"));
        committed!(store, invitations.put(&id, "hash")).expect("put");
        let id = id.id;
        let taken = sixteen(|_| {
            let store = store.clone();
            async move { committed!(store, invitations.take(team, id)).expect("asked") }
        });
        assert_eq!(taken.await.into_iter().filter(|taken| *taken).count(), 1);
    }
}
