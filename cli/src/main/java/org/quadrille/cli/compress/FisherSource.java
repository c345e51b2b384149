package org.quadrille.cli.compress;

import java.nio.file.Path;

/**
 * Fisher matrices that weight the errors of a job.
 *
 * @param path of the file or folder, see {@link org.quadrille.quant.FisherFile}
 * @param digest SHA-256 of its contents, which decide the bits of the result
 */
public record FisherSource(Path path, String digest) {}
