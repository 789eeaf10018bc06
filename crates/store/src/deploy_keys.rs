use crate::executor::sql;
use crate::value::values;
use crate::{DeployKeys, Executor, Result, Tx};
use domain::{AppId, DeployId, Timestamp};

impl<E: Executor> DeployKeys<E> {
    /// What was asked for with a key, as a hash, and the deploy that it began.
    pub async fn find(mut self, app: AppId, key: &str) -> Result<Option<(String, DeployId)>> {
        let text = "select request, deploy_id from deploy_keys where app_id = $1 and key = $2";
        self.0.one(sql(text, values![app, key]), |row| Ok((row.get("request")?, row.get("deploy_id")?))).await
    }
}

impl DeployKeys<&mut Tx> {
    /// Remembers which deploy a key began; [`Conflict`](crate::Error::Conflict) when it has begun one.
    pub async fn insert(self, app: AppId, key: &str, request: &str, deploy: DeployId, now: Timestamp) -> Result<()> {
        let text = "insert into deploy_keys (app_id, key, request, deploy_id, created_at) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        self.0.insert("idempotency key", text, values![app, key, request, deploy, now]).await
    }

    /// Forgets what is older, and says how many that were.
    pub async fn delete_before(self, at: Timestamp) -> Result<u64> {
        self.0.execute("delete from deploy_keys where created_at < $1", values![at]).await
    }
}
