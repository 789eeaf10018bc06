//! Tokens: how scripts and CI come in. A token never does more than the person who made it may at that moment.

use crate::{Error, Platform, Result, access::Reached, audit::Act, error::OrNotFound, hash};
use domain::{
    Action, Actor, AppId, Change, NewToken, Origin, Person, PersonId, Secret, TeamId, Timestamp, Token, TokenForm,
    TokenId, TokenScope, TokenState, TokenView,
};

/// Most tokens of one app, and of one person.
const MOST: usize = 50;
/// How exact the last use is, in milliseconds: noting it is a write.
const USED_EVERY_MILLIS: i64 = 5 * 60 * 1000;

/// Operations on tokens.
pub struct Tokens<'a>(pub(crate) &'a Platform);

impl Tokens<'_> {
    /// Who comes with a token. Nobody, when it is unknown, withdrawn or too old, or when the person who made it may not do
    /// any more what it does: which of these is not told.
    pub async fn actor(&self, text: &Secret<String>, origin: Origin) -> Result<Option<Actor>> {
        let now = self.0.now();
        let found = self.0.parts.store.tokens().by_hash(&hash(text.expose()), now).await?;
        let Some(token) = found else { return Ok(None) };
        let maker = match self.0.people().actor(token.person, origin).await {
            Ok(maker) => maker,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        if let Some(app) = token.deploys()
            && !self.may_still_deploy(&maker, app).await?
        {
            return Ok(None);
        }
        self.note_use(&token, now).await?;
        Ok(Some(acting(maker, token)))
    }

    /// The token that the actor came with.
    ///
    /// # Errors
    /// They came without one.
    pub fn of_actor(&self, actor: &Actor) -> Result<Token> {
        actor.token.clone().or_not_found("token", "yours")
    }

    /// The tokens that deploy an app.
    pub async fn of_app(&self, actor: &Actor, name: &str) -> Result<Vec<TokenView>> {
        let app = self.0.reach_app(actor, name).await?.allowing(Action::SeeTokens).await?.thing;
        let mut views = Vec::new();
        for token in self.0.parts.store.tokens().of_app(app.id).await? {
            let maker = self.0.people().actor(token.person, Origin::default()).await?;
            let can = self.may_still_deploy(&maker, app.id).await?;
            views.push(self.view(token, can));
        }
        Ok(views)
    }

    /// The actor's own tokens, which may what they may.
    pub async fn own(&self, actor: &Actor) -> Result<Vec<TokenView>> {
        self.0.allow_own(actor).await?;
        let tokens = self.0.parts.store.tokens().of_person(actor.id()).await?;
        Ok(tokens.into_iter().map(|token| self.view(token, true)).collect())
    }

    /// Makes a token that deploys an app and nothing else.
    ///
    /// # Errors
    /// A name that cannot be or that another token of the app has; too many tokens.
    pub async fn make_for_app(&self, actor: &Actor, name: &str, form: TokenForm) -> Result<NewToken> {
        let Reached { thing: app, team, .. } = self.0.reach_app(actor, name).await?.allowing(Action::MakeToken).await?;
        let scope = TokenScope::Deploy { app: app.id, name: app.name };
        let made = self.make(actor, form, scope, Some(team.id)).await?;
        self.0.live.tell(Change::App(app.id));
        Ok(made)
    }

    /// Makes a token that may what the actor may.
    ///
    /// # Errors
    /// As for [`Tokens::make_for_app`]; and one that comes with a token makes none, so that what was stolen cannot prolong
    /// its own life.
    pub async fn make_own(&self, actor: &Actor, form: TokenForm) -> Result<NewToken> {
        self.0.allow_own(actor).await?;
        if actor.token.is_some() {
            let sentence = "A personal token is made by the person, in the console at “Your tokens”.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        self.make(actor, form, TokenScope::Personal, None).await
    }

    /// Lets a token of an app work no longer.
    pub async fn withdraw_of_app(&self, actor: &Actor, name: &str, id: TokenId) -> Result<()> {
        let Reached { thing: app, team, .. } =
            self.0.reach_app(actor, name).await?.allowing(Action::WithdrawToken).await?;
        let tokens = self.0.parts.store.tokens().of_app(app.id).await?;
        self.withdraw(actor, tokens, id, Some(team.id)).await?;
        self.0.live.tell(Change::App(app.id));
        Ok(())
    }

    /// Lets one of the actor's own tokens work no longer, and those that were made with it.
    pub async fn withdraw_own(&self, actor: &Actor, id: TokenId) -> Result<()> {
        self.0.allow_own(actor).await?;
        let tokens = self.0.parts.store.tokens().of_person(actor.id()).await?;
        self.withdraw(actor, tokens, id, None).await
    }

    async fn make(&self, actor: &Actor, form: TokenForm, scope: TokenScope, team: Option<TeamId>) -> Result<NewToken> {
        let now = self.0.now();
        let (name, expires_at) = form.checked(now)?;
        let with = actor.token.as_ref();
        let token = Token {
            id: TokenId::new(self.0.uuid()),
            name,
            scope,
            person: actor.id(),
            made_by: actor.person.email.clone(),
            made_with: with.map(|token| token.id),
            created_at: now,
            // What is made with a token ends with it.
            expires_at: with.map_or(expires_at, |token| token.expires_at.min(expires_at)),
            used_at: None,
        };
        let text = format!("{}{}", token.scope.prefix(), self.0.token().0.expose());
        let mut tx = self.0.parts.store.begin().await?;
        let others = match token.deploys() {
            Some(app) => tx.tokens().of_app(app).await?,
            None => tx.tokens().of_person(actor.id()).await?,
        };
        if others.len() >= MOST {
            return Err(Error::Conflict(format!("There are {MOST} tokens already. Withdraw those that nobody uses.")));
        }
        tx.tokens().insert(&token, &hash(&text)).await.map_err(|error| taken(error, &token))?;
        self.0.note(&mut tx, actor, act(&token, "token.make", team)).await?;
        tx.commit().await?;
        Ok(NewToken { token, text })
    }

    async fn withdraw(&self, actor: &Actor, among: Vec<Token>, id: TokenId, team: Option<TeamId>) -> Result<()> {
        let token = among.into_iter().find(|token| token.id == id).or_not_found("token", id.to_string())?;
        let mut tx = self.0.parts.store.begin().await?;
        tx.tokens().delete(id).await?.then_some(()).or_not_found("token", id.to_string())?;
        self.0.note(&mut tx, actor, act(&token, "token.withdraw", team)).await?;
        tx.commit().await?;
        // What was opened with it ends.
        self.0.live.tell_rights_changed(token.person);
        Ok(())
    }

    /// Whether the person may themselves deploy the app at this moment.
    async fn may_still_deploy(&self, maker: &Actor, app: AppId) -> Result<bool> {
        let store = &self.0.parts.store;
        let Some(app) = store.apps().by_id(app).await?.filter(|app| app.deleted_at.is_none()) else { return Ok(false) };
        let project = store.projects().by_id(app.project_id).await?;
        Ok(project.is_some_and(|project| maker.rights_on(&app, project.team_id).may(Action::Deploy)))
    }

    async fn note_use(&self, token: &Token, now: Timestamp) -> Result<()> {
        let since = now.plus_millis(-USED_EVERY_MILLIS);
        if token.used_at.is_none_or(|used| used < since) {
            write!(self.0, tx => tx.tokens().touch(token.id, now, since));
        }
        Ok(())
    }

    fn view(&self, token: Token, can: bool) -> TokenView {
        let state = match (token.is_expired(self.0.now()), can) {
            (true, _) => TokenState::Expired,
            (false, false) => TokenState::Stopped,
            (false, true) => TokenState::Works,
        };
        TokenView { token, state }
    }
}

/// Who acts with a token. One that deploys an app stands for no person: whatever is reached by who somebody is finds
/// nothing, also where a check was forgotten.
fn acting(maker: Actor, token: Token) -> Actor {
    let (person, roles) = match token.deploys() {
        None => (maker.person, maker.roles),
        Some(_) => (nobody(maker.person, &token), Vec::new()),
    };
    Actor { person, roles, origin: maker.origin, token: Some(token) }
}

fn nobody(maker: Person, token: &Token) -> Person {
    let email = "deploy-token@slipway.invalid".parse().unwrap_or(maker.email);
    Person { id: PersonId::NIL, email, name: token.name.to_string(), platform_role: None }
}

fn taken(error: store::Error, token: &Token) -> Error {
    match error {
        store::Error::Conflict(_) => Error::Conflict(format!(
            "There is a token called “{}” already. Withdraw it, or choose another name.",
            token.name
        )),
        other => other.into(),
    }
}

fn act<'a>(token: &'a Token, action: &str, team: Option<TeamId>) -> Act<'a> {
    let what = match &token.scope {
        TokenScope::Personal => "personal".to_owned(),
        TokenScope::Deploy { name, .. } => format!("deploys {name}"),
    };
    let detail = format!("{what}, until {}", token.expires_at.to_utc());
    let (action, id) = (action.to_owned(), token.id.to_string());
    Act { action, kind: "token", id, name: token.name.as_str(), team, detail }
}
