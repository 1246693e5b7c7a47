package io.soong.slices;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * What the slices are cut from.
 */
@SpringBootApplication
class Application {

}
