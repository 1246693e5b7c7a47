package io.soong.compatibility;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application with every library of this module.
 */
@SpringBootApplication
class Application {

}
