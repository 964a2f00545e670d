package dev.genesysvault.domain;

/**
 * What an integration of the organisation logs in with somewhere, as Genesys shows it: never with a
 * secret.
 *
 * @param name for people
 * @param type such as {@code pureCloudOAuthClient}
 * @param clientId of the OAuth client that it names; empty where that is not shown
 * @param modified when somebody changed it last, as Genesys writes it; empty where that is not
 *     shown
 */
public record IntegrationCredential(String name, String type, String clientId, String modified) {}
