import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import example.yciam.yciam.IamToken;
import example.yciam.yciam.IamTokenArgs;
import example.yciam.yciam.Provider;
import example.yciam.yciam.ProviderArgs;
import example.yciam.yciam.YciamFunctions;
import example.yciam.yciam.inputs.GetIamTokenArgs;
import example.yciam.yciam.inputs.ServiceAccountKeyOptionsArgs;
import example.yciam.yciam.outputs.ExplainResolversResult;
import example.yciam.yciam.outputs.GetIamTokenInfoResult;
import example.yciam.yciam.outputs.GetIamTokenResult;

/** Uses every form that the SDK has. */
public final class Program {
    public static void main(String[] args) {
        Pulumi.run(Program::stack);
    }

    private static void stack(Context ctx) {
        var json = ctx.config().requireSecret("key");
        var key = ServiceAccountKeyOptionsArgs.builder().json(json).build();

        var iam = YciamFunctions.getIamToken(GetIamTokenArgs.builder().serviceAccountKey(key).build());
        ctx.export("token", iam.applyValue(GetIamTokenResult::token));
        ctx.export("authorization", iam.applyValue(GetIamTokenResult::authorizationHeader));
        ctx.export("template", Output.format("token=%s", iam.applyValue(GetIamTokenResult::token)));

        ctx.export("expiresAt", YciamFunctions.getIamTokenInfo().applyValue(GetIamTokenInfoResult::expiresAt));
        ctx.export(
            "resolver",
            YciamFunctions.explainResolvers()
                .applyValue(ExplainResolversResult::resolvers)
                .applyValue(resolvers -> resolvers.get(1).resolver()));

        var identity = new Provider("identity", ProviderArgs.builder().serviceAccountKey(key).build());
        var through = YciamFunctions.getIamToken(
            GetIamTokenArgs.Empty, InvokeOptions.builder().provider(identity).build());
        ctx.export("through", through.applyValue(GetIamTokenResult::token));

        var kept = new IamToken("kept", IamTokenArgs.builder().serviceAccountKey(key).build());
        ctx.export("kept", kept.token());
        ctx.export("fingerprint", kept.fingerprint());
    }
}
