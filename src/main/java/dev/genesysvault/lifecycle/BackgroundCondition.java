package dev.genesysvault.lifecycle;

import java.time.Instant;
import java.util.Optional;

/**
 * How a mount's background session does.
 *
 * @param loaded whether every record is known
 * @param paused until when Genesys is not asked; empty where it is
 * @param trouble why it pauses; empty for no trouble
 */
public record BackgroundCondition(boolean loaded, Optional<Instant> paused, String trouble) {}
