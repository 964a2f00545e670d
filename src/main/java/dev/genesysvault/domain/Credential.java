package dev.genesysvault.domain;

/** What an OAuth client logs in with. */
public record Credential(ClientId id, Secret secret) {}
