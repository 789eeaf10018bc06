-- The values of an app's secrets. A row never changes: a new value is a new row, and releases name the one they have.
create table secrets (
    id text not null primary key,
    app_id text not null references apps (id),
    name text not null,
    value text not null, -- sealed
    set_by text not null,
    set_at bigint not null
);
create index secrets_of_app on secrets (app_id);
